using System.Globalization;
using Banking.Silo.Starting;
using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// Asks the membership table once a second, on its own connection, whether this silo is still in it. That reads one row by its key, and
/// takes less than a hundredth of a processor. Orleans' own readings every 5 s are too rare, as a proof holds for less time.
/// </summary>
internal sealed partial class MembershipProver(
    ClusterDatabase database, ILocalSiloDetails silo, MembershipProof proof, TimeProvider time,
    ILogger<MembershipProver> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A connection that hangs is given up early enough for a new one to prove membership before the last proof expires.</summary>
    private const int AnswerSeconds = 2;

    private NpgsqlConnection? _connection;
    private string? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var problem = await ProveAsync(stoppingToken);
                if (problem is null && _said is not null) LogProvenAgain();
                if (!proof.Holds && problem is not null && problem != _said) LogUnproven(_said = problem);
                if (problem is null) _said = null;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo has stopped.
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <returns>Why membership can't be proved; null if it is proved.</returns>
    private async Task<string?> ProveAsync(CancellationToken cancellationToken)
    {
        var asked = proof.Ask();
        try
        {
            _connection ??= await database.OpenForAsync(AnswerSeconds, cancellationToken);
            if (
                await ReadStatusAsync(_connection, cancellationToken) is not (
                    SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping))
                return "The others have declared it dead, or it has not joined them yet.";
            proof.Prove(asked);
            return null;
        }
        catch (NpgsqlException e)
        {
            await CloseAsync();
            return $"{database.Name}, can't be reached: {ClusterDatabase.Reason(e)}";
        }
    }

    private async Task<SiloStatus> ReadStatusAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT Status FROM OrleansMembershipTable WHERE DeploymentId = $1 AND Address = $2 AND Port = $3 AND Generation = "
                + "$4", connection);
        var address = silo.SiloAddress;
        command.Parameters.Add(new() { Value = ClusterHosting.ClusterId });
        command.Parameters.Add(new() { Value = address.Endpoint.Address.ToString() });
        command.Parameters.Add(new() { Value = address.Endpoint.Port });
        command.Parameters.Add(new() { Value = address.Generation });
        return (SiloStatus)Convert.ToInt32(
            await command.ExecuteScalarAsync(cancellationToken) ?? SiloStatus.None, CultureInfo.InvariantCulture);
    }

    private async Task CloseAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo can't prove that it is still in the cluster, and answers 503 to what "
        + "rests on its memory. {Reason}")]
    private partial void LogUnproven(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo is proved to be in the cluster again.")]
    private partial void LogProvenAgain();
}
