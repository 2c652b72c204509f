using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Banking.Lake.Hdfs;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>A root on <c>swebhdfs://</c>.</summary>
public sealed class WebHdfsTlsTests : IAsyncDisposable
{
    private readonly FakeFiles _files = new();
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly FakeHdfs _node;
    private readonly TcpProxy _front;

    public WebHdfsTlsTests()
    {
        _node = new FakeHdfs(_files);
        _front = new TcpProxy(_node.Authority, _certificate);
        _node.DataUrl = $"https://{_front.Authority}";
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _node.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task CommitAsync_WhenTheCertificateIsTrusted_ThenTheFileIsThere()
    {
        using var store = Store([_certificate]);

        await StageAsync(store);
        Assert.True(await store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal([1, 2], _files.Read("/lake/t/f"));
    }

    [Fact]
    public async Task StageAsync_WhenTheCertificateIsNotTrusted_ThenThrowsASentenceAndSendsNothing()
    {
        using var store = Store(roots: null);

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => StageAsync(store));

        Assert.Contains($"{_front.Authority}: The SSL connection could not be established", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public async Task StageAsync_WhenTheNameNodePointsToADataNodeWithoutTls_ThenThrowsAndSendsNothingThere()
    {
        _node.DataUrl = $"http://{_node.Authority}";
        using var store = Store([_certificate]);

        var failure = await Assert.ThrowsAsync<HdfsException>(() => StageAsync(store));

        Assert.EndsWith($"points to {_node.Authority} without TLS; nothing was sent there.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_node.Calls, call => call.Operation == "DATA");
    }

    private WebHdfsLakeStore Store(X509Certificate2Collection? roots) => new(
        WebHdfsAddress.Parse($"swebhdfs://{_front.Authority}/lake"),
        new WebHdfsOptions { TrustedRoots = roots, RetryDelay = TimeSpan.FromMilliseconds(1) },
        TimeProvider.System);

    private static Task<long> StageAsync(WebHdfsLakeStore store) =>
        store.StageAsync("_staging/a", (stream, token) => stream.WriteAsync(new byte[] { 1, 2 }, token).AsTask(), Token);

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hdfs", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
