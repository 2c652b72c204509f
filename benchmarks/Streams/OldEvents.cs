using System.Globalization;
using System.Text;

namespace Banking.Benchmarks.Streams;

/// <summary>Deposits in the old pipeline's JSON, 264 bytes each.</summary>
internal static class OldEvents
{
    public const int Bytes = 264;

    public static byte[][] Make(int count) => [.. Enumerable.Range(0, count).Select(Make1)];

    private static byte[] Make1(int number)
    {
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"event_type":"make_deposit","description":"player-{{number % 5_000:D4}} {{number % 900 + 100}}.5","Host":"user1.comcast.com","User-Agent":"ApacheBench/2.3","Accept":"*/*","Content-Length":"35","Content-Type":"application/json","pad":""");
        return Encoding.UTF8.GetBytes(json + "\"" + new string('x', Bytes - json.Length - 3) + "\"}");
    }
}
