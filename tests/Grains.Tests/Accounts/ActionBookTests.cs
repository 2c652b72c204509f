using System.Reflection;
using Banking.Accounts;
using Banking.Lake.Tables;

namespace Banking.Grains.Tests.Accounts;

public sealed class ActionBookTests
{
    private static readonly ActionFields Fields = new()
    {
        FullName = "Tom Peters",
        Amount = 12.5m,
        Quantity = 3,
        AssetName = "stock_a",
        LimitPrice = 7.25m,
        Issuer = "https://id.example",
        Subject = "alice",
    };

    public static TheoryData<Type> Actions =>
        [.. typeof(AccountAction).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AccountAction)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(Actions))]
    public void All_WhenAnActionIsInTheContract_ThenItsTypeAndItsRulesAreRegistered(Type action)
    {
        var type = Assert.Single(ActionTypes.All, type => type.Action == action);
        var rules = Assert.Single(ActionBook.All, rules => rules.Type.Action == action);
        Assert.Same(type, rules.Type);
        Assert.Same(rules, ActionBook.FindRules(type.EventType));
    }

    [Fact]
    public void All_WhenTakenTogether_ThenEachActionHasItsOwnEventAndCollection()
    {
        Assert.Equal(Actions.Count, ActionTypes.All.Count);
        Assert.Equal(ActionTypes.All.Count, ActionBook.All.Count);
        Assert.Distinct(ActionTypes.All.Select(type => type.EventType));
        Assert.Distinct(ActionTypes.All.Where(type => type.Collection is not null).Select(type => type.Collection));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Table_WhenAnActionsEventIsRouted_ThenItGoesToTheTableThatTheActionNames(Type action)
    {
        var type = ActionTypes.All.Single(type => type.Action == action);
        Assert.True(LakeTables.TryRoute(System.Text.Encoding.UTF8.GetBytes(type.EventType), out var table));
        Assert.Equal(type.Table, LakeTables.All[table].Name);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Create_WhenGivenEveryField_ThenTheActionTellsThoseOfItsTypeAndNoOthers(Type action)
    {
        var type = ActionTypes.All.Single(type => type.Action == action);
        var created = type.Create(Fields, "id-1");
        Assert.Equal(action, created.GetType());
        Assert.Equal("id-1", created.ActionId);
        var told = type.FieldsOf(created);
        foreach (var field in Enum.GetValues<ActionField>())
        {
            var declared = type.Required.Contains(field) || type.Optional.Contains(field);
            Assert.Equal(declared ? ValueOf(Fields, field) : null, ValueOf(told, field));
        }
    }

    [Fact]
    public void ContentOf_WhenAnotherTypeAsksForTheSame_ThenTheFingerprintDiffers() =>
        Assert.Distinct(ActionTypes.All.Select(type => ActionIdentity.Of(type.Create(Fields, "id-1")).Fingerprint));

    [Fact]
    public void Of_WhenTheActionIsUnknown_ThenItIsRefused()
    {
        var action = new Unregistered { ActionId = "id-1" };
        Assert.Throws<ArgumentOutOfRangeException>(() => ActionTypes.Of(action));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActionBook.RulesOf(action));
    }

    private static object? ValueOf(ActionFields fields, ActionField field) =>
        typeof(ActionFields).GetProperty(field.ToString(), BindingFlags.Public | BindingFlags.Instance)!.GetValue(fields);

    private sealed record Unregistered : AccountAction;
}
