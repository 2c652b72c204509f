using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Banking.Inquiries;

/// <summary>Reaches the inquiry log of each silo, so that a flush covers them all.</summary>
[Alias("banking.inquiries")]
public interface IInquiryService : IGrainService
{
    /// <summary>Completes when the log has every inquiry that this silo recorded before the call.</summary>
    [Alias("drain")]
    Task Drain();
}

/// <summary>Calls the inquiry service of any silo.</summary>
public interface IInquiryServiceClient
{
    Task DrainAsync(SiloAddress silo);
}

internal sealed class InquiryService(
    GrainId id, Silo silo, ILoggerFactory loggers, InquiryLog inquiries) : GrainService(id, silo, loggers), IInquiryService
{
    public Task Drain() => inquiries.DrainAsync(CancellationToken.None);
}

internal sealed class InquiryServiceClient(IServiceProvider services) : GrainServiceClient<IInquiryService>(services), IInquiryServiceClient
{
    public Task DrainAsync(SiloAddress silo) => GetGrainService(silo).Drain();
}
