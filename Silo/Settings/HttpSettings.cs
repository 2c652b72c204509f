namespace Banking.Silo.Settings;

/// <summary>The HTTP API.</summary>
public sealed class HttpSettings
{
    /// <summary>
    /// Whose pages a browser lets call the API, such as <c>https://game.example</c>, separated by commas; empty: nobody's. Never <c>*</c>:
    /// there is no authentication, so any page that is looked at on this machine could play with every account.
    /// </summary>
    public string CorsOrigins { get; set; } = "";

    /// <summary>Each of the origins.</summary>
    internal string[] Origins() => CorsOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A sentence on what is wrong; null if nothing is.</summary>
    internal string? Problem() =>
        Origins().FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? $"Banking:Http:CorsOrigins has '{wrong}': it must be origins as a browser sends them, https://host or http://host:port, "
                + "separated by commas."
            : null;

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == origin;
}
