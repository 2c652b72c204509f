using System.Globalization;
using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>The text that a load prints at its end. Pure.</summary>
internal static class LoadReport
{
    public const int ComplaintsShown = 20;

    public static IEnumerable<string> Lines(LoadPlan plan, LoadResult result)
    {
        var (tally, seconds) = (result.Tally, Math.Max(result.Elapsed.TotalSeconds, 0.001));
        yield return Text(
            $"accounts     {plan.Accounts:N0} ({plan.Prefix}-0 to {plan.Prefix}-{plan.Accounts - 1}), seed {plan.Seed}, connections "
                + $"{plan.Connections}");
        yield return Text($"answers      {tally.Answered:N0} in {seconds:N1} s = {tally.Answered / seconds:N0}/s");
        yield return Text($"done         {tally.ByCode[(int)ActionCode.Done]:N0} = {tally.ByCode[(int)ActionCode.Done] / seconds:N0}/s");
        yield return $"latency ms   p50 {Ms(tally, 50)}  p90 {Ms(tally, 90)}  p99 {Ms(tally, 99)}  p99.9 {Ms(tally, 99.9)}  max "
            + $"{Ms(tally, 100)}";
        yield return Text($"retries      {tally.Retries:N0}, replays {tally.Replays:N0}");
        foreach (var code in Enum.GetValues<ActionCode>().Where(code => tally.ByCode[(int)code] > 0))
            yield return Text($"  {ActionCodes.NameOf(code),-28} {tally.ByCode[(int)code],12:N0}");
        yield return Text($"wrong        {tally.Wrong:N0}");
        foreach (var complaint in result.Complaints.Take(ComplaintsShown)) yield return "  " + complaint;
    }

    private static string Ms(LoadTally tally, double percent) =>
        tally.Latency.Percentile(percent).TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}
