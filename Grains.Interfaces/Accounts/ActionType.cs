using Banking.Events;

namespace Banking.Accounts;

/// <summary>What everybody who talks to the bank knows about one type of action. Immutable.</summary>
public abstract class ActionType
{
    private protected ActionType(
        Type action, string eventType, string table, string? collection, ActionField[] required, ActionField[] optional)
    {
        (Action, EventType, Table, Collection) = (action, eventType, table, collection);
        (Required, Optional) = (Array.AsReadOnly(required), Array.AsReadOnly(optional));
    }

    /// <summary>The .NET type of the action, derived from <see cref="AccountAction"/>.</summary>
    public Type Action { get; }

    /// <summary>The type of the event that an action becomes: the value of its <c>event_type</c>.</summary>
    public string EventType { get; }

    /// <summary>The lake table that its events are in.</summary>
    public string Table { get; }

    /// <summary>
    /// The collection that an action is posted to over HTTP, as in <c>/v1/accounts/{account_id}/deposits</c>; null for actions that open
    /// and delete the account itself.
    /// </summary>
    public string? Collection { get; }

    /// <summary>In the order in which they are checked.</summary>
    public IReadOnlyList<ActionField> Required { get; }

    public IReadOnlyList<ActionField> Optional { get; }

    /// <summary>Makes an action from its fields; the required ones must not be null.</summary>
    public abstract AccountAction Create(in ActionFields fields, string actionId, RequestOrigin? origin = null);

    /// <summary>The fields of an action of this type.</summary>
    public abstract ActionFields FieldsOf(AccountAction action);
}

/// <summary>Makes an action from its fields.</summary>
internal delegate TAction ActionMaker<TAction>(in ActionFields fields, string actionId, RequestOrigin? origin);

/// <inheritdoc />
internal sealed class ActionType<TAction>(
    string eventType,
    string table,
    string? collection,
    ActionField[] required,
    ActionField[] optional,
    ActionMaker<TAction> create,
    Func<TAction, ActionFields> fieldsOf) : ActionType(typeof(TAction), eventType, table, collection, required, optional)
    where TAction : AccountAction
{
    public override AccountAction Create(in ActionFields fields, string actionId, RequestOrigin? origin) =>
        create(fields, actionId, origin);

    public override ActionFields FieldsOf(AccountAction action) => fieldsOf((TAction)action);
}
