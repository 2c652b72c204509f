using System.Collections.Immutable;

namespace Banking.Simulations.Tests.Documents;

/// <summary>
/// Which commands of the documents need more than a silo, which are run by a test of their own, and which can't be run at all. A block that
/// is not named here is run by the tours.
/// </summary>
internal static class CommandPlaces
{
    /// <summary>Addresses of other servers, and commands that ask one by another way.</summary>
    private static readonly ImmutableArray<string> OfServers =
        ["localhost:9092", "localhost:9000", "localhost:9083", "localhost:9870", "localhost:8080"];

    /// <summary>Beginnings of blocks, and the class whose tests run them.</summary>
    public static ImmutableArray<(string Begin, string By)> ByOthers { get; } =
    [
        ("# back up, embedded", "BackupTests"),
        ("# restore the accounts and markets", "BackupTests"),
        ("# restore the log", "BackupTests"),
        ("# restore the lake", "BackupTests"),
        ("# restore everything", "BackupTests"),
        ("# back up PostgreSQL", "BackupTests"),
        ("# restore PostgreSQL", "BackupTests"),
        ("# ask who calls", "KeyCommandsTests"),
        ("# call with a token", "KeyCommandsTests"),
        ("# move: pack, on the old machine", "MovingTests"),
        ("# move: unpack, on the new machine", "MovingTests"),
        ("# uninstall: PostgreSQL", "MovingTests"),
        ("# uninstall: what is embedded", "TourTests"),
        ("# uninstall: a lake on HDFS", "ServerTourTests"),
        ("-- Presto's own client", "ServerTourTests"),
        ("-- DuckDB's own client", "TourTests"),
        ("-- The manifests; then the folders", "PlainReaderTests"),
        ("import json, os", "PlainReaderTests"),
    ];

    /// <summary>Beginnings of blocks that no test can run, and why.</summary>
    public static ImmutableArray<(string Begin, string Why)> NotHere { get; } =
    [
        ("dotnet test", "These are the tests."),
        ("BANKING_KAFKA=127.0.0.1:9092 BANKING_WEBHDFS=http://localhost:9870 dotnet test", "These are the tests."),
        ("BANKING_STACK=<launcher> dotnet test", "These are the tests."),
        ("docker compose", "Needs Docker, and pulls images; DeployTests hold its files."),
        ("# uninstall: the compose file's", "The same."),
        ("deploy/local --silos 3", "Takes the fixed ports from 11111 and 30000 on; ClusterTests start clusters."),
        ("dotnet run --project Client -- play", "Asks a person at a terminal; the client's own tests play."),
        ("Banking__Cluster__Tls__Certificate=game.pem", "Machines of an example; TlsGatewayTests do it on this one."),
        ("cat authority-2026.pem authority-2027.pem", "Two authorities a year apart; TlsClusterTests have two."),
        ("kafka-consumer-groups", "A script of Kafka's, which is with the broker only."),
        ("# uninstall: Kafka", "The same."),
        ("presto --catalog hive", "A program of Presto's; its SQL is asked over the same protocol."),
        ("dotnet-counters monitor", "Watches a process until a person ends it."),
        ("# uninstall: the development certificate", "Takes what other programs of this machine may use."),
        ("# uninstall: a service unit of yours", "Needs systemd and a unit of somebody's making."),
        ("dotnet tool install", "Installs a program from the network."),
        ("nswag openapi2csclient", "That program; OpenApi tests generate the client with its library."),
        ("dotnet run -c Release --project benchmarks", "Measures for minutes, on a machine with nothing else to do."),
        ("DOTNET_PerfMapEnabled=1", "Measures for a minute, with the id of a process that the reader looks up."),
    ];

    public static bool NeedsServers(DocumentBlock block) =>
        block.IsCommand && OfServers.Any(address => block.Text.Contains(address, StringComparison.Ordinal));

    /// <summary>It is neither run by another test nor impossible.</summary>
    public static bool IsRunInTours(DocumentBlock block) =>
        !ByOthers.Any(entry => Begins(block, entry.Begin)) && !NotHere.Any(entry => Begins(block, entry.Begin));

    public static bool Begins(DocumentBlock block, string begin) => block.Text.StartsWith(begin, StringComparison.Ordinal);
}
