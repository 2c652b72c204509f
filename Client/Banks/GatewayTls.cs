using Banking.Client.Terminals;
using Banking.Tls;

namespace Banking.Client.Banks;

/// <summary>
/// The certificate to show to gateways, from the environment. The names are those of a silo's settings, so that one environment serves
/// both.
/// </summary>
internal static class GatewayTls
{
    public const string Prefix = "Banking__Cluster__Tls__";

    /// <returns>Null if nothing is set: the gateways are then called without TLS.</returns>
    /// <exception cref="CommandFailedException">The settings can't be used.</exception>
    public static TlsIdentity? Of(Terminal terminal)
    {
        try
        {
            var files = TlsFiles.Of(
                Prefix, terminal.Variable($"{Prefix}Certificate"), terminal.Variable($"{Prefix}Key"),
                terminal.Variable($"{Prefix}Authority"));
            return files is null ? null : TlsIdentity.Load(files, PeerRole.Client, terminal.Time);
        }
        catch (TlsFilesException unusable)
        {
            throw new CommandFailedException(unusable.Message, unusable) { ExitCode = ExitCodes.Usage };
        }
    }
}
