using Banking.Hosting;
using Banking.Silo.Health;
using Banking.Silo.Hosting;
using Banking.Storage;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Health;

/// <summary>What rooms report is there until they clear it.</summary>
public sealed class FindingsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly Findings _findings;

    public FindingsTests() => _findings = new Findings(_clock);

    [Fact]
    public void Report_WhenSaidInOtherWords_ThenKeepsSinceWhenItIsSo()
    {
        _findings.Report("log/topic", "The topic is compacted.");
        _clock.Advance(TimeSpan.FromMinutes(1));

        _findings.Report("log/topic", "The topic is still compacted.", isCritical: true);

        Assert.Equal([new Finding("log/topic", "The topic is still compacted.", IsCritical: true, Start)], _findings.All);
    }

    [Fact]
    public void Clear_WhenReportedBefore_ThenItIsGoneAndTheOthersStay()
    {
        _findings.Report("b", "B.");
        _findings.Report("a", "A.");
        _findings.Report("c", "C.");

        _findings.Clear("b");
        _findings.Clear("never reported");

        Assert.Equal(["a", "c"], _findings.All.Select(finding => finding.Key));
    }

    [Fact]
    public void Report_WhenItComesBack_ThenCountsFromThen()
    {
        _findings.Report("a", "A.");
        _findings.Clear("a");
        _clock.Advance(TimeSpan.FromMinutes(1));

        _findings.Report("a", "A.");

        Assert.Equal(Start.AddMinutes(1), Assert.Single(_findings.All).Since);
    }

    [Fact]
    public async Task Services_OfTheSilo_AreOneRegistryForAllRooms()
    {
        using var folder = new TemporaryFolder();
        await using var app = BankingApplication.Create(SiloFixture.Arguments(folder.Path));
        var all = app.Services.GetRequiredService<Findings>();

        Assert.Same(all, app.Services.GetRequiredService<IStorageFindings>());
        Assert.Same(all, app.Services.GetRequiredService<ILogFindings>());
        Assert.Same(all, app.Services.GetRequiredService<IGameFindings>());
    }
}
