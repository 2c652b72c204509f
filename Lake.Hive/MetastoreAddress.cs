using System.Globalization;

namespace Banking.Lake.Hive;

/// <summary>One metastore: <c>thrift://host:port</c>, port 9083 if none is given. Pure.</summary>
internal sealed record MetastoreAddress(string Host, int Port)
{
    private const string Scheme = "thrift";
    private const int DefaultPort = 9083;

    /// <summary>One or several, separated by commas.</summary>
    /// <returns>Null if that is not what the text is.</returns>
    public static IReadOnlyList<MetastoreAddress>? TryParse(string text)
    {
        var addresses = new List<MetastoreAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.Host.Length == 0) return null;

            // Whatever else a URI may hold, such as a user, would be ignored without a word.
            if (uri.PathAndQuery is not ("" or "/") || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || uri.Port == 0) return null;
            addresses.Add(new MetastoreAddress(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port));
        }

        return addresses;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
