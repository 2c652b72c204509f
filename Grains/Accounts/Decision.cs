using Banking.Events;

namespace Banking.Accounts;

/// <summary>What an account makes of an action.</summary>
/// <param name="Event">What happened; null if nothing did.</param>
/// <param name="Remember">The result is to be given again to a retry.</param>
public readonly record struct Decision(ActionResult Result, GameEvent? Event, bool Remember)
{
    public bool ChangesState => Remember || Event is not null;
}
