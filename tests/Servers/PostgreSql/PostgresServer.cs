using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Banking.Servers.PostgreSql;

/// <summary>
/// A PostgreSQL server of a test's own, which may be killed, stopped and started again: in a folder that goes with it, on a port that
/// nobody else uses. It survives its own death and not the machine's (<c>fsync=off</c>), unless the test's settings say otherwise.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const int Port = 5432;
    private const string User = "bank";
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly string _programs;
    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly PortClaim _port = PortClaim.Take([Port]);
    private Process? _process;

    private PostgresServer(string programs) => _programs = programs;

    /// <summary>The folder of the server's programs; null if this machine has none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>Where it listens, on the loopback.</summary>
    public int ListeningPort => Port + _port.Shift;

    /// <summary>Of the process whose children serve the connections.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Of its first database; <see cref="Databases"/> makes others.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={ListeningPort};Username={User};Database=postgres");

    /// <param name="settings">Of the server, such as <c>max_connections=20</c>.</param>
    public static Task<PostgresServer> Create(params string[] settings) => Create(
        server => server.Command("initdb", "-D", server._folder, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"),
        ["fsync = off", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", .. settings]);

    /// <summary>A standby server with what the other has, and what it gets: it follows it by streaming, and answers reads.</summary>
    public static Task<PostgresServer> CreateReplicaOf(PostgresServer primary) => Create(
        server => server.Command(
            "pg_basebackup", "-D", server._folder, "-d", string.Create(
                CultureInfo.InvariantCulture, $"host=127.0.0.1 port={primary.ListeningPort} user={User}"),
            "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"),
        []);

    private static async Task<PostgresServer> Create(Func<PostgresServer, string[]> fill, string[] settings)
    {
        var server = new PostgresServer(Programs ?? throw new InvalidOperationException("This machine has no PostgreSQL server."));
        try
        {
            if (Environment.IsPrivilegedProcess) await Run("chown", "postgres", server._folder);
            await Run(fill(server));
            await File.AppendAllLinesAsync(
                Path.Combine(server._folder, "postgresql.conf"), [.. settings, $"port = {server.ListeningPort}"]);
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it with what it had; it answers when this returns.</summary>
    public Task Start() => Eventually.True(
        () =>
        {
            // While the children of one that was killed are not gone, the next one ends at once.
            if (_process is null or { HasExited: true }) Launch();
            return Answers();
        },
        "PostgreSQL answers");

    /// <summary>An operator's stop: transactions under way are rolled back, connections are cut.</summary>
    public Task Stop() => End("-INT");

    /// <summary>SIGKILL: the next start recovers from the write-ahead log.</summary>
    public Task Kill() => End("-KILL");

    /// <summary>
    /// SIGSTOP for all of its processes: it stands still, connections stay, and the system goes on accepting new ones for it.
    /// </summary>
    public Task Pause() => SignalAll("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task Resume() => SignalAll("-CONT");

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _port.Dispose();
        await Run("rm", "-rf", _folder);
    }

    private void Launch()
    {
        _process?.Dispose();
        _process = Process.Start(Redirected(Command("postgres", "-D", _folder)))!;
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    private async Task End(string signal)
    {
        if (_process is null or { HasExited: true }) return;
        await Run("kill", signal, _process.Id.ToString(CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
        _process.Dispose();
        _process = null;
        await Eventually.True(() => PortClaim.IsFree(ListeningPort), "PostgreSQL is gone");
    }

    // It stands still while its children are signalled: it makes no more of them then, and those that end keep their ids.
    private async Task SignalAll(string signal)
    {
        var server = _process!.Id.ToString(CultureInfo.InvariantCulture);
        await Run("kill", "-STOP", server);
        var children = await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children");
        if (children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } ids) await Run(["kill", signal, .. ids]);
        await Run("kill", signal, server);
    }

    private async Task<bool> Answers()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // Not listening yet, or still recovering.
        }
    }

    // PostgreSQL refuses to run as root.
    private string[] Command(string program, params string[] arguments) =>
        [.. Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : Array.Empty<string>(),
            Path.Combine(_programs, program), .. arguments];

    private static string? FindPrograms()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin")) : [];
        return versions.Concat(folders)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static ProcessStartInfo Redirected(string[] command) =>
        new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(Redirected(command))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(MaxWait);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {await output}{await errors}");
    }
}
