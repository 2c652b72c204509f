using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Banking.Client.Terminals;

namespace Banking.Client.Callers;

/// <summary>
/// <c>banking tokens</c>: tokens for trying a bank that asks who calls, without a provider. Whoever has the signing key is everybody.
/// </summary>
internal static class TokensCommand
{
    public static Command Create(Terminal terminal)
    {
        var subject = new Option<string>("--subject") { Description = "Who calls (sub).", HelpName = "text", Required = true };
        var role = new Option<string>("--role") { Description = "What the caller may do.", DefaultValueFactory = _ => "player" };
        role.AcceptOnlyFromAmong(KeysCommand.Roles);
        var issuer = Text("--issuer", "Banking:Auth:Authority of the bank.", "http://localhost");
        var audience = Text("--audience", "Banking:Auth:Audience of the bank.", "banking");
        var signing = Text("--signing-key", "The private key; made if it is missing, with <file>.jwks for Banking:Auth:Jwks.", "try.pem");
        var lifetime = CommonOptions.Time("--for", "How long it is good (default: 1h).", "1s", "8760h");
        var make = new Command("make", "Makes a token and prints it, for trying.") { subject, role, issuer, audience, signing, lifetime };
        make.SetAction(async (parsed, cancellationToken) =>
        {
            using var key = await KeyOfAsync(parsed.GetRequiredValue(signing), cancellationToken);
            var now = terminal.Time.GetUtcNow();
            var claims = new Dictionary<string, object>
            {
                ["iss"] = parsed.GetRequiredValue(issuer),
                ["aud"] = parsed.GetRequiredValue(audience),
                ["sub"] = parsed.GetRequiredValue(subject),
                ["roles"] = parsed.GetRequiredValue(role),
                ["nbf"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + (parsed.GetValue(lifetime) ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds(),
            };
            await terminal.WriteLineAsync(Sign(key, JsonSerializer.SerializeToUtf8Bytes(claims)));
            return ExitCodes.Ok;
        });
        return new Command("tokens", "Tokens for trying a bank that asks who calls.") { make };
    }

    private static Option<string> Text(string name, string description, string standard) =>
        new(name) { Description = $"{description} Default: {standard}.", HelpName = "text", DefaultValueFactory = _ => standard };

    // JWS with ES256 (RFC 7515, RFC 7518 section 3.4).
    private static string Sign(ECDsa key, byte[] claims)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"JWT","kid":"{{KeyIdOf(key)}}"}""");
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static async Task<ECDsa> KeyOfAsync(string path, CancellationToken cancellationToken)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new StreamWriter(path, Encoding.ASCII, options);
            await file.WriteAsync(key.ExportPkcs8PrivateKeyPem());
            await File.WriteAllTextAsync(path + ".jwks", JwksOf(key), cancellationToken);
            return key;
        }

        try
        {
            key.ImportFromPem(await File.ReadAllTextAsync(path, cancellationToken));
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CommandFailedException($"{path} is not a key on the curve P-256, in PEM.", e);
        }
    }

    private static string JwksOf(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"{{KeyIdOf(key)}}","x":"{{x}}","y":"{{y}}"}]}""";
    }

    private static string KeyIdOf(ECDsa key) =>
        Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 12));
}
