using System.Diagnostics;
using System.Globalization;
using System.Text;
using Banking.Silo.Hosting;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.Documents;

/// <summary>
/// A folder in which commands of the documents are run as they are written, by bash. What is not as on a reader's machine: <c>dotnet
/// run</c> starts the programs that were built with the tests, on free ports in place of 5000, 11111 and 30000; servers and the names of
/// what is theirs are replaced by <paramref name="replaced"/>; <c>curl</c> fails where a reply is a refusal; the user's folders are empty
/// ones.
/// </summary>
/// <param name="replaced">Texts of the documents, and what stands for them here, the longer ones first.</param>
internal sealed class DocumentShell(params (string Text, string By)[] replaced) : IDisposable
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        PATH=${PATH#*:}
        case $1 in
          build) exit 0 ;;
          run)
            shift
            while [ $# -gt 0 ]; do
              case $1 in
                -c) shift 2 ;;
                --project) project=$2 && shift 2 ;;
                --) shift && break ;;
                *) break ;;
              esac
            done
            ;;
          */Banking.Silo.dll) project=Silo && shift ;;
        esac
        case "$project $* " in
          *" --help "*) ;;
          "Silo "*" --urls "*) set -- "$@" $TEST_PORTS ;;
          "Silo "*) set -- "$@" --urls "$TEST_URL" $TEST_PORTS ;;
          *" --url "* | *" --gateway "*) ;;
          "Client asset "*) set -- "$@" --gateway "$TEST_GATEWAY" ;;
          "Client load "* | "Client verify "* | "Client compact "* | "Client repair "*) set -- "$@" --url "$TEST_URL" ;;
        esac
        program=TEST_$project
        exec dotnet "${!program:?The tests have no such program.}" "$@"
        """;

    private const string Curl = """
        #!/usr/bin/env bash
        PATH=${PATH#*:}
        exec curl --fail-with-body --silent --show-error "$@"
        """;

    private readonly TemporaryFolder _folder = MakeFolder();
    private readonly int _port = SiloProcess.FreePort();
    private readonly int _siloPort = SiloProcess.FreePort();
    private readonly int _gatewayPort = SiloProcess.FreePort();

    public string Folder => _folder.Path;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>Of every command.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What programs left among the user's own files, and among the system's temporary ones.</summary>
    public IEnumerable<string> LeftElsewhere =>
        new[] { "home", "tmp" }.SelectMany(name => Directory.GetFileSystemEntries(Path.Combine(Folder, name)));

    /// <summary>Runs a block to its end; returns what it wrote. It has to succeed.</summary>
    public async Task<string> Run(DocumentBlock block, CancellationToken cancellationToken)
    {
        using var process = Start(block);
        var (exitCode, output) = await ClientProcess.Finish(process, cancellationToken);
        Assert.True(exitCode == 0, $"{block}\nended with exit code {exitCode}:\n{output}");
        return output;
    }

    public Process Start(DocumentBlock block)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Here(block.Text)])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        ShortLife.Prepare(start);
        start.Environment["PATH"] = Path.Combine(Folder, "bin") + ":" + System.Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Path.Combine(Folder, "home");
        start.Environment["TMPDIR"] = Path.Combine(Folder, "tmp");
        start.Environment["TEST_Silo"] = typeof(BankingApplication).Assembly.Location;
        start.Environment["TEST_Client"] = ClientProcess.Program;
        start.Environment["TEST_URL"] = start.Environment["BANKING_URL"] = Url;
        start.Environment["TEST_GATEWAY"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_gatewayPort}");
        start.Environment["TEST_PORTS"] = string.Create(
            CultureInfo.InvariantCulture, $"--Banking:Cluster:SiloPort {_siloPort} --Banking:Cluster:GatewayPort {_gatewayPort}");
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => _folder.Dispose();

    private string Here(string text)
    {
        var here = new StringBuilder(text.TrimEnd()).Replace("http://127.0.0.1:5000", Url);
        foreach (var (was, by) in replaced) here.Replace(was, by);
        return here.ToString();
    }

    private static TemporaryFolder MakeFolder()
    {
        var folder = new TemporaryFolder();
        foreach (var name in new[] { "bin", "home", "tmp" }) Directory.CreateDirectory(folder.File(name));
        Directory.CreateSymbolicLink(folder.File("deploy"), Path.Combine(Document.Root, "deploy"));
        foreach (var (name, text) in new[] { ("dotnet", Dotnet), ("curl", Curl) })
        {
            var file = folder.File(Path.Combine("bin", name));
            File.WriteAllText(file, text);
            if (OperatingSystem.IsWindows()) continue;
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
