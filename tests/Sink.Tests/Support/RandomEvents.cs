namespace Banking.Sink.Tests.Support;

/// <summary>
/// Fills a log as a busy, unlucky cluster would: several accounts, doubles after crashes, foreign and broken records, clocks that are
/// wrong.
/// </summary>
internal sealed class RandomEvents(Random random, MemoryLog log)
{
    private const long Day = 24 * 3600 * 1000;
    private readonly long[] _sequences = new long[5];
    private readonly List<byte[]>[] _published = [.. Enumerable.Range(0, 5).Select(_ => new List<byte[]>())];
    private long _time = Json.Noon - (Day / 2);

    public void Add(int count)
    {
        for (var i = 0; i < count; i++) AddOne();
    }

    private void AddOne()
    {
        // About eight events an hour and a clock that wobbles: days change, also back and forth.
        _time += random.Next(15 * 60 * 1000);
        var stamp = _time + random.Next(-600_000, 600_000) + (random.Next(40) == 0 ? 3 * Day : 0);
        var account = random.Next(_sequences.Length);
        switch (random.Next(20))
        {
            case < 13:
                var value = Value($"acc{account}", ++_sequences[account]);
                _published[account].Add(value);
                log.Add(value, stamp);
                break;
            case < 15:
                // After a crash an account publishes its last events again, in their order.
                foreach (var again in _published[account].TakeLast(random.Next(6))) log.Add(again, stamp);
                break;
            case < 17:
                log.Add(Json.Inquiry(), stamp);
                break;
            case 17:
                log.Add(Json.Bytes("""{"event_type":"make_deposit","description":"old 5.0"}"""), stamp);
                break;
            case 18:
                log.Add(Json.Bytes(random.Next(2) == 0 ? "no json" : """{"event_type":"default"}"""), stamp);
                break;
            default:
                log.Skip(random.Next(4));
                break;
        }
    }

    private byte[] Value(string account, long sequence) => random.Next(6) switch
    {
        0 => Json.Open(account, sequence),
        1 or 2 => Json.Trade(account, sequence),
        _ => Json.Deposit(account, sequence),
    };
}
