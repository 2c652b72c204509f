using System.Collections.Immutable;
using Banking.Accounts;

namespace Banking.Client.Verifying;

/// <param name="Name">What must hold.</param>
/// <param name="Sql">Selects one text for each violation, over the tables of <see cref="AuditDatabase"/>.</param>
internal sealed record Check(string Name, string Sql);

/// <summary>The game's invariants, as queries that find what violates them.</summary>
internal static class Checks
{
    /// <summary>Checks of the lake against the ledgers.</summary>
    public static ImmutableArray<Check> OfBooks { get; } =
    [
        new("every event is in the lake once",
            "SELECT event_id || ' is there ' || count(*) || ' times' FROM events GROUP BY event_id HAVING count(*) > 1"),
        new("an event's id is made of its account and sequence number",
            "SELECT event_id || ' is event ' || sequence_number || ' of ' || account_id FROM events WHERE event_id <> 'account/' || "
                + "account_id || '/' || sequence_number"),
        new("every event is in the table of its type",
            "SELECT event_id || ' (' || event_type || ') is in ' || source FROM events WHERE source <> CASE event_type "
            + string.Concat(ActionTypes.All.Select(type => $"WHEN '{type.EventType}' THEN '{type.Table}' ")) + "ELSE '' END"),
        new("sequence numbers run from 1 to the ledger's without a gap",
            "SELECT account_id || ' has ' || found || ' of ' || sequence_number || ' events in the lake, the first that is missing is ' "
                + "|| missing"
            + " FROM (SELECT l.account_id, l.sequence_number, count(h.place) AS found, coalesce(min(h.place) FILTER (h.sequence_number <> "
            + "h.place), count(h.place) + 1) AS missing"
            + " FROM ledgers l LEFT JOIN history h USING (account_id) GROUP BY ALL) WHERE found <> sequence_number OR missing <= "
            + "sequence_number"),
        new("an action has one event",
            "SELECT account_id || ': action ' || action_id || ' has ' || count(DISTINCT event_id) || ' events' FROM events WHERE "
                + "action_id IS NOT NULL"
            + " GROUP BY account_id, action_id HAVING count(DISTINCT event_id) > 1"),
        new("cash is the fold of the events, at every event",
            "SELECT event_id || ' says cash ' || coalesce(cash_balance::VARCHAR, 'nothing') || ', its events make ' || cash FROM history"
            + " WHERE cash_balance IS DISTINCT FROM cash"),
        new("the ledger's cash is the fold of the events",
            "SELECT account_id || ' has cash ' || l.cash || ', its events make ' || coalesce(f.cash, 0) FROM ledgers l LEFT JOIN folds f "
                + "USING (account_id)"
            + " WHERE l.cash <> coalesce(f.cash, 0)"),
        new("the ledger's totals are the fold of the events",
            "SELECT account_id || ' paid in ' || l.paid_in || ', paid out ' || l.paid_out || ', spent ' || l.spent || ', earned ' || "
                + "l.earned || '; its events make '"
            + " || f.paid_in || ', ' || f.paid_out || ', ' || f.spent || ', ' || f.earned FROM ledgers l JOIN folds f USING (account_id)"
            + " WHERE (l.paid_in, l.paid_out, l.spent, l.earned) <> (f.paid_in, f.paid_out, f.spent, f.earned)"),
        new("paid in = cash + paid out + spent - earned",
            "SELECT account_id || ' paid in ' || paid_in || ', but cash, paid out and spent less earned make ' || (cash + paid_out + "
                + "spent - earned) FROM ledgers"
            + " WHERE paid_in <> cash + paid_out + spent - earned"),
        new("no cash is below zero",
            "SELECT event_id || ' left cash ' || cash_balance FROM events WHERE cash_balance < 0 UNION ALL"
            + " SELECT account_id || ' has cash ' || cash FROM ledgers WHERE cash < 0"),
        new("the ledger's positions are the fold of the events",
            "SELECT account_id || ' holds ' || coalesce(p.quantity, 0) || ' ' || asset_name || ', its events make ' || "
                + "coalesce(f.quantity, 0)"
            + " FROM positions p FULL JOIN held f USING (account_id, asset_name) WHERE coalesce(p.quantity, 0) <> coalesce(f.quantity, 0)"),
        new("no position is below zero",
            "SELECT event_id || ' left ' || held || ' ' || asset_name FROM (SELECT event_id, asset_name, sum(units) OVER (PARTITION BY "
                + "account_id, life, asset_name"
            + " ORDER BY sequence_number) AS held FROM history WHERE asset_name IS NOT NULL) WHERE held < 0"),
        new("a purchase is rounded up and a sale down",
            "SELECT event_id || ' moved ' || amount || ' for ' || quantity || ' at ' || unit_price FROM history WHERE event_type IN "
                + "('buy_asset', 'sell_asset')"
            + " AND (amount IS NULL OR quantity IS NULL OR unit_price IS NULL OR amount * 100 <> CASE event_type WHEN 'buy_asset'"
            + " THEN ceil(quantity * unit_price * 100) ELSE floor(quantity * unit_price * 100) END)"),
    ];

    /// <summary>Checks of the lake against what a load wrote into its journal.</summary>
    public static ImmutableArray<Check> OfJournal { get; } =
    [
        new("an acknowledged action was answered alike each time",
            "SELECT account_id || ': action ' || action_id || ' was answered ' || string_agg(code || ' ' || sequence_number, ', ')"
            + " FROM (SELECT DISTINCT * FROM journal) GROUP BY account_id, action_id HAVING count(*) > 1"),
        new("an acknowledged action is in the lake once, with its sequence number",
            "SELECT j.account_id || ': action ' || j.action_id || ' was acknowledged as event ' || j.sequence_number || ' and is in the "
                + "lake '"
            + " || CASE WHEN found = 0 THEN 'not at all' ELSE found || ' times, as event ' || sequences END"
            + " FROM (SELECT j.account_id, j.action_id, j.sequence_number, count(e.event_id) AS found, string_agg(DISTINCT "
            + "e.sequence_number, ', ') AS sequences,"
            + " count(*) FILTER (e.sequence_number = j.sequence_number) AS fitting FROM (SELECT DISTINCT * FROM journal) j LEFT JOIN "
            + "events e USING (account_id, action_id)"
            + " WHERE j.code = 'done' GROUP BY ALL) j WHERE found <> 1 OR fitting <> 1"),
        new("a refused action left no event",
            "SELECT account_id || ': action ' || action_id || ' was refused (' || code || ') and is event ' || e.sequence_number FROM "
                + "events e"
            + " JOIN (SELECT DISTINCT * FROM journal) j USING (account_id, action_id) WHERE j.code <> 'done'"),
    ];
}

/// <summary>An invariant that does not hold.</summary>
/// <param name="Broken">What must hold but does not.</param>
/// <param name="Examples">The first of <paramref name="Count"/>.</param>
internal sealed record Finding(string Broken, long Count, IReadOnlyList<string> Examples);

/// <param name="Summary">What was checked.</param>
internal sealed record Verdict(string Summary, IReadOnlyList<Finding> Findings);
