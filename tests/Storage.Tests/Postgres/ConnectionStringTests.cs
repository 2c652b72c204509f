using System.Net;
using System.Net.Sockets;
using Banking.Storage.Postgres;
using Npgsql;

namespace Banking.Storage.Tests.Postgres;

/// <summary>What a storage adds to a connection string, and what it leaves as it was given.</summary>
public sealed class ConnectionStringTests
{
    [Fact]
    public void FullConnectionString_WhenLittleIsGiven_BoundsEachWaitBelowThePatience()
    {
        var options = new PostgresGrainStorageOptions { ConnectionString = "Host=h", Writers = 3, Readers = 4 };

        var full = new NpgsqlConnectionStringBuilder(options.FullConnectionString());

        Assert.Equal(7, full.MaxPoolSize);
        Assert.Equal((5, 1), (full.TcpKeepAliveTime, full.TcpKeepAliveInterval));
        Assert.Equal(GssEncryptionMode.Disable, full.GssEncryptionMode);
        Assert.True(full.ShouldSerialize("Timeout") && full.ShouldSerialize("Command Timeout"));

        // A transaction that hangs, its cancellation, and one attempt to connect anew.
        var worst = TimeSpan.FromSeconds(full.CommandTimeout + full.Timeout + full.Timeout) + TimeSpan.FromMilliseconds(
            full.CancellationTimeout);
        Assert.True(worst <= options.ReconnectTimeout, $"{worst}");
    }

    [Fact]
    public void FullConnectionString_WhenMoreIsGiven_KeepsIt()
    {
        const string given =
            "Host=h;CommandTimeout=60;Timeout=20;Cancellation Timeout=5;Maximum Pool Size=50;Application Name=mine;Host Recheck "
                + "Seconds=9;Tcp Keepalive Time=30;GSS Encryption Mode=Prefer";
        var options = new PostgresGrainStorageOptions { ConnectionString = given };

        var full = new NpgsqlConnectionStringBuilder(options.FullConnectionString());

        Assert.Equal((60, 20, 5, 50), (full.CommandTimeout, full.Timeout, full.CancellationTimeout, full.MaxPoolSize));
        Assert.Equal(GssEncryptionMode.Prefer, full.GssEncryptionMode);
        Assert.Equal(("mine", 9, 30, 0), (full.ApplicationName, full.HostRecheckSeconds, full.TcpKeepAliveTime, full.TcpKeepAliveInterval));
    }

    [Fact]
    public async Task Open_WhenNobodyAnswers_EndsInTimeEachTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = new PostgresGrainStorageOptions
        {
            ConnectionString = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=bank;Maximum Pool Size=100",
        };
        await using var source = NpgsqlDataSource.Create(options.FullConnectionString());

        // Synchronously, as a writer's thread does. One in twenty that is not bounded is found among so many.
        var attempts = Enumerable.Range(0, 96).Select(_ => Task.Factory.StartNew(
            () => Assert.Throws<NpgsqlException>(source.OpenConnection), TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default));

        await Task.WhenAll(attempts).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
