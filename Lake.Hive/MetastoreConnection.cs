using System.Net.Sockets;
using Banking.Hive;
using Banking.Lake.Catalog;
using Banking.Lake.Store;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace Banking.Lake.Hive;

/// <summary>
/// Calls one of several metastores over one connection, one call at a time. A connection that fails is closed, and the call is made again
/// over a new one, to the next metastore if there is one. So a call must do no harm if it is made twice. Safe for concurrent use.
/// </summary>
internal sealed class MetastoreConnection(
    IReadOnlyList<MetastoreAddress> addresses, MetastoreTimeouts timeouts, TimeProvider time) : IDisposable
{
    private static readonly TConfiguration Limits = new();
    private readonly SemaphoreSlim _turn = new(1);
    private int _current;
    private ThriftHiveMetastore.Client? _client;

    public MetastoreAddress Current => addresses[_current];

    public string Addresses { get; } = string.Join(", ", addresses);

    /// <param name="what">What is called, for messages.</param>
    /// <exception cref="CatalogException">No metastore answers, or one refused.</exception>
    /// <exception cref="NoSuchObjectException">A metastore says so.</exception>
    /// <exception cref="AlreadyExistsException">A metastore says so.</exception>
    public async Task<T> CallAsync<T>(
        string what, Func<ThriftHiveMetastore.Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // A connection kept from before may have died unnoticed.
            var tries = addresses.Count + (_client is null ? 0 : 1);
            while (true)
            {
                try
                {
                    return await TryAsync(call, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsConnection(e))
                {
                    var failure = new CatalogException($"{what} at {Current}: {SentenceOf(e)}", e) { IsAway = true };
                    Close();
                    if (--tries < addresses.Count) _current = (_current + 1) % addresses.Count;
                    if (tries == 0) throw failure;
                }
                catch (TException e) when (e is not (NoSuchObjectException or AlreadyExistsException))
                {
                    throw new CatalogException($"{what} at {Current}: {SentenceOf(e)}", e);
                }
            }
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested) Close();
            _turn.Release();
        }
    }

    /// <summary>The semaphore is not disposed: a call under way still releases it, and it holds no resources.</summary>
    public void Dispose() => Close();

    private async Task<T> TryAsync<T>(
        Func<ThriftHiveMetastore.Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        _client ??= await ConnectAsync(cancellationToken);
        using var timer = new CancellationTokenSource(timeouts.Request, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            // Nobody waits longer, whatever Thrift does with the token. The connection is then closed.
            return await call(_client, either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {timeouts.Request.TotalSeconds} s", e);
        }
    }

    private async Task<ThriftHiveMetastore.Client> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeouts.Connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            DeadPeers.Watch(tcp.Client);

            // Not left to Thrift, which would block a thread meanwhile.
            await tcp.ConnectAsync(Current.Host, Current.Port, either.Token);
            return new ThriftHiveMetastore.Client(new TBinaryProtocol(new TBufferedTransport(new TSocketTransport(tcp, Limits))));
        }
        catch (Exception e)
        {
            tcp.Dispose();
            if (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"no connection within {timeouts.Connect.TotalSeconds} s", e);
            }

            throw;
        }
    }

    private void Close()
    {
        _client?.InputProtocol?.Transport?.Close();
        _client?.Dispose();
        _client = null;
    }

    private static bool IsConnection(Exception e) =>
        e is TTransportException or TProtocolException or IOException or SocketException or TimeoutException or ObjectDisposedException
            or OperationCanceledException;

    private static string SentenceOf(Exception e) => e switch
    {
        TTransportException { Type: TTransportException.ExceptionType.EndOfFile } => "the connection was cut",
        MetaException meta => meta.Text ?? "",
        InvalidObjectException invalid => invalid.Text ?? "",
        Banking.Hive.InvalidOperationException invalid => invalid.Text ?? "",
        _ => e.Message,
    };
}

/// <param name="Connect">How long establishing a connection may take.</param>
/// <param name="Request">How long the answer to a call may take.</param>
internal sealed record MetastoreTimeouts(TimeSpan Connect, TimeSpan Request)
{
    public static MetastoreTimeouts Default { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
}
