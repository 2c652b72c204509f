using Banking.Events;

namespace Banking.Accounts;

/// <summary>What everybody who speaks with the bank knows of one type of action. Immutable.</summary>
public abstract class ActionType
{
    private protected ActionType(
        Type action, string eventType, string table, string? collection, ActionField[] required, ActionField[] optional)
    {
        (Action, EventType, Table, Collection) = (action, eventType, table, collection);
        (Required, Optional) = (Array.AsReadOnly(required), Array.AsReadOnly(optional));
    }

    /// <summary>The type derived from <see cref="AccountAction"/>.</summary>
    public Type Action { get; }

    /// <summary>Of the event that an action becomes: the value of its <c>event_type</c>.</summary>
    public string EventType { get; }

    /// <summary>The lake's table that its events are in.</summary>
    public string Table { get; }

    /// <summary>
    /// What an action is posted to over HTTP, as <c>/v1/accounts/{account_id}/deposits</c>; null of those that make and remove the account
    /// itself.
    /// </summary>
    public string? Collection { get; }

    /// <summary>In the order in which they are looked at.</summary>
    public IReadOnlyList<ActionField> Required { get; }

    public IReadOnlyList<ActionField> Optional { get; }

    /// <summary>An action out of its fields, the required ones not null.</summary>
    public abstract AccountAction Create(in ActionFields fields, string actionId, RequestOrigin? origin = null);

    /// <summary>The fields of an action of this type.</summary>
    public abstract ActionFields FieldsOf(AccountAction action);
}

/// <summary>Makes an action of its fields.</summary>
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
