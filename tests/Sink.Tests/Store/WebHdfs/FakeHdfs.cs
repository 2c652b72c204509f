using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Web;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>What goes wrong with one call.</summary>
internal enum Fault
{
    Standby,
    Retriable,
    CutBefore,
    CutAfter,
    AnotherWins,
    KeepHalf,
    StrangePage,
    Hang,
    Crash,
    Negotiate,
    FullDisk,
    SafeMode,
}

/// <summary>
/// A name node and data node that fails as it is told. Each fault is for one call of its operation; data nodes' calls are <c>DATA</c>.
/// </summary>
internal sealed class FakeHdfs : IAsyncDisposable
{
    private const int PageSize = 2;
    private readonly HttpListener _listener = new();
    private readonly FakeFiles _files;
    private readonly ConcurrentQueue<HttpListenerContext> _hung = new();
    private readonly Task _serving;

    public FakeHdfs(FakeFiles files)
    {
        _files = files;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Authority = $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add($"http://{Authority}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Authority { get; }

    /// <summary>Where it sends clients for data: itself, or a proxy before it.</summary>
    public string DataUrl { get => field ?? $"http://{Authority}"; set; }

    /// <summary>As HttpFS: no ids, no pages, no rename options.</summary>
    public bool IsHttpFs { get; init; }

    public ConcurrentQueue<(string Operation, Fault Fault)> Faults { get; } = new();

    /// <summary>Each call's operation, query and length of body.</summary>
    public ConcurrentQueue<(string Operation, string Query, long Body)> Calls { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                if (!_listener.IsListening) return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var query = HttpUtility.ParseQueryString(context.Request.Url!.Query);
        var path = Uri.UnescapeDataString(context.Request.Url.AbsolutePath)["/webhdfs/v1".Length..];
        var operation = query["data"] is null ? query["op"]! : "DATA";
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        Calls.Enqueue((operation, context.Request.Url.Query, body.Length));
        Fault? fault = Faults.TryPeek(out var next) && next.Operation == operation && Faults.TryDequeue(out next) ? next.Fault : null;
        if (fault is Fault.Standby)
        {
            await RefuseAsync(context, 403, "StandbyException", "Operation category READ is not supported in state standby.");
        }
        else if (fault is Fault.Retriable) await RefuseAsync(context, 403, "RetriableException", "NameNode still not started");
        else if (fault is Fault.SafeMode) await RefuseAsync(
            context, 403, "SafeModeException", "Cannot create file. Name node is in safe mode.");
        else if (fault is Fault.StrangePage) await SendAsync(context, 404, "<html>no such page</html>"u8.ToArray());
        else if (fault is Fault.FullDisk) await RefuseAsync(
            context, 403, "DSQuotaExceededException", "The DiskSpace quota of /lake is exceeded: quota = 1 B");
        else if (fault is Fault.Negotiate) await NegotiateAsync(context);
        else if (fault is Fault.CutBefore) await CutAsync(context);
        else if (fault is Fault.Hang) _hung.Enqueue(context);
        else
        {
            if (fault is Fault.AnotherWins) _files.Write(query["destination"]!, [9]);
            if (fault is Fault.CutAfter) _files.Rename(path, query["destination"]!);
            if (fault is Fault.Crash) _files.Crash();
            if (fault is Fault.CutAfter or Fault.AnotherWins or Fault.Crash) await CutAsync(context);
            else await DoAsync(
                context, operation, path, query, fault is Fault.KeepHalf ? body.ToArray()[..(int)(body.Length / 2)] : body.ToArray());
        }
    }

    private Task DoAsync(
        HttpListenerContext context, string operation, string path, System.Collections.Specialized.NameValueCollection query, byte[] body)
    {
        switch (operation)
        {
            case "GETFILESTATUS":
                return _files.Status(path, "", !IsHttpFs) is { } status ? JsonAsync(context, new { FileStatus = status }) : NotFoundAsync(
                    context, path);
            case "LISTSTATUS_BATCH" when !IsHttpFs:
                var names = _files.NamesIn(path).Where(name => string.CompareOrdinal(name, query["startAfter"]) > 0).ToList();
                var page =
                    new { partialListing = List(path, names.Take(PageSize)), remainingEntries = Math.Max(0, names.Count - PageSize) };
                return JsonAsync(context, new { DirectoryListing = page });
            case "LISTSTATUS":
                return JsonAsync(context, List(path, _files.NamesIn(path)));
            case "MKDIRS" or "DELETE" or "RENAME" or "SETTIMES":
                return ChangeAsync(context, operation, path, query);
            case "CREATE" or "OPEN":
                var place = $"{DataUrl}{context.Request.Url!.AbsolutePath}?op={operation}&data=true";
                context.Response.RedirectLocation = $"{place}&offset={query["offset"]}&length={query["length"]}";
                return SendAsync(context, 307, []);
            case "DATA" when query["op"] == "CREATE":
                _files.Write(path, body);
                return SendAsync(context, 201, []);
            case "DATA":
                return SendAsync(
                    context, 200, _files.Read(path)!.AsSpan(int.Parse(query["offset"]!), int.Parse(query["length"]!)).ToArray());
            default:
                return RefuseAsync(context, 400, "IllegalArgumentException", $"Invalid value for webhdfs parameter \"op\": {operation}");
        }
    }

    private Task ChangeAsync(HttpListenerContext context, string operation, string path, NameValueCollection query)
    {
        var destination = query["destination"];
        var (there, taken) = (_files.Exists(path), destination is not null && _files.Exists(destination));
        if (operation == "MKDIRS") _files.MakeFolder(path);
        var done = operation switch
        {
            "DELETE" => query["recursive"] == "true" ? _files.DeleteTree(path) : _files.Delete(path),
            "RENAME" => _files.Rename(path, destination!),
            _ => true,
        };
        _files.Sync();
        if (operation is "MKDIRS" or "DELETE" || (operation == "RENAME" && IsHttpFs)) return JsonAsync(context, new { boolean = done });
        if (taken) return RefuseAsync(context, 403, "FileAlreadyExistsException", "rename destination exists");
        return there ? SendAsync(context, 200, []) : NotFoundAsync(context, path);
    }

    private object List(string folder, IEnumerable<string> names) =>
        new { FileStatuses = new { FileStatus = names.Select(name => _files.Status($"{folder}/{name}", name, !IsHttpFs)).ToArray() } };

    private static Task NotFoundAsync(HttpListenerContext context, string path) =>
        RefuseAsync(context, 404, "FileNotFoundException", $"File does not exist: {path}");

    private static Task RefuseAsync(HttpListenerContext context, int status, string exception, string message) =>
        SendAsync(context, status, JsonSerializer.SerializeToUtf8Bytes(new { RemoteException = new { exception, message } }));

    private static Task JsonAsync(HttpListenerContext context, object answer) =>
        SendAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(answer));

    private static Task NegotiateAsync(HttpListenerContext context)
    {
        context.Response.AddHeader("WWW-Authenticate", "Negotiate");
        return SendAsync(context, 401, "<html>Authentication required</html>"u8.ToArray());
    }

    // The listener cuts no connection before it has begun to answer.
    private static async Task CutAsync(HttpListenerContext context)
    {
        context.Response.ContentLength64 = 1000;
        await context.Response.OutputStream.WriteAsync(new byte[] { (byte)'{' });
        context.Response.Abort();
    }

    private static async Task SendAsync(HttpListenerContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength64 = body.Length;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }
}
