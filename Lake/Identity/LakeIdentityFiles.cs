using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Lake.Identity;

/// <summary>
/// Keeps a lake's identity in two of its files, each made once: one with the lake's own id, one with its bank's. They are separate because
/// the first sink may open the lake before it knows the bank. What has been read completely never changes, so it is read only once.
/// </summary>
internal sealed class LakeIdentityFiles(ILakeStore store) : ILakeIdentity
{
    /// <summary>The format of the files that this version writes, and the newest that it reads.</summary>
    public const int Format = 1;

    private const int IdLength = 12;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private volatile LakeIdentity? _known;

    public async Task<LakeIdentity?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known) return known;
        if (await TryReadAsync(LakePath.Identity, cancellationToken) is not { } identity) return null;
        var lake = identity.Lake ?? throw new InvalidDataException($"{LakePath.Identity} names no lake: restore it from a copy.");
        var read = new LakeIdentity(lake, (await TryReadAsync(LakePath.Bank, cancellationToken))?.Bank);
        if (read.BankId is not null) _known = read;
        return read;
    }

    public async Task<LakeIdentity> ClaimAsync(string? bankId, CancellationToken cancellationToken)
    {
        var identity = await ReadAsync(cancellationToken);
        if (identity is null)
        {
            await MakeAsync(
                LakePath.Identity, new IdentityFile(Format) { Lake = RandomNumberGenerator.GetString(IdLetters, IdLength) },
                cancellationToken);
        }
        if (identity?.BankId is null && bankId is not null)
        {
            await MakeAsync(LakePath.Bank, new IdentityFile(Format) { Bank = bankId }, cancellationToken);
        }
        return await ReadAsync(cancellationToken) ?? throw new IOException($"{LakePath.Identity} went while it was read.");
    }

    private async Task MakeAsync(string path, IdentityFile file, CancellationToken cancellationToken)
    {
        var staged = $"{LakePath.Staging}/identity-{Guid.NewGuid():N}";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(file, IdentityJson.Default.IdentityFile);

        // Whoever came first decides, and all the others follow.
        await store.TryMakeAsync(staged, path, bytes, cancellationToken);
    }

    private async Task<IdentityFile?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        // A visible file may still be lost with the node that shows it: it is read again once it is durable.
        if (await TryReadOnceAsync(path, cancellationToken) is null) return null;
        await store.SettleAsync(path, cancellationToken);
        return await TryReadOnceAsync(path, cancellationToken);
    }

    private async Task<IdentityFile?> TryReadOnceAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenReadAsync(path, cancellationToken);
            var file = await JsonSerializer.DeserializeAsync(stream, IdentityJson.Default.IdentityFile, cancellationToken);
            if (file is null) throw new InvalidDataException($"{path} is empty: restore it from a copy.");
            return file.Format <= Format ? file : throw new InvalidDataException(
                $"{path} was written by a newer version (format {file.Format}; this one knows {Format}).");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is damaged: restore it from a copy. {e.Message}", e);
        }
    }
}

/// <summary>The content of the files of a lake's identity.</summary>
internal sealed record IdentityFile(int Format)
{
    public string? Lake { get; init; }

    public string? Bank { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IdentityFile))]
internal sealed partial class IdentityJson : JsonSerializerContext;

/// <summary>The lake's identity is damaged, or of a newer version.</summary>
public sealed class LakeIdentityException(string message) : LakeRefusalException($"Nothing is written to the lake: {message}");

/// <summary>The lake belongs to another bank: its accounts' numbers mean nothing here, and rows of both banks would be mixed.</summary>
public sealed class LakeOfAnotherBankException(string lakeId, string lakesBank, string bank)
    : LakeRefusalException(
        $"The lake {lakeId} has the events of bank {lakesBank}, and storage is that of bank {bank}. Nothing is written. "
        + "Give this bank a lake of its own (Banking:Lake:Root), or its own storage back.");
