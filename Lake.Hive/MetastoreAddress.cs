using System.Globalization;

namespace Banking.Lake.Hive;

/// <summary>One metastore: <c>thrift://host:port</c>, port 9083 if none is given. Pure.</summary>
internal sealed record MetastoreAddress(string Host, int Port)
{
    private const string Scheme = "thrift";
    private const int DefaultPort = 9083;

    /// <summary>Parses one or several addresses, separated by commas.</summary>
    /// <returns>Null if the text is anything else.</returns>
    public static IReadOnlyList<MetastoreAddress>? TryParse(string text)
    {
        var addresses = new List<MetastoreAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.Host.Length == 0) return null;

            // Anything else that a URI may contain, such as a user, would be silently ignored.
            if (uri.PathAndQuery is not ("" or "/") || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || uri.Port == 0) return null;
            addresses.Add(new MetastoreAddress(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port));
        }

        return addresses;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
