using System.Reflection;

namespace Banking.Silo.Tests.Streams;

/// <summary>Gives the same object for every grain with a text key.</summary>
public class FakeGrains : DispatchProxy
{
    private object _grain = null!;

    public static IGrainFactory Of(object grain)
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._grain = grain;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType.IsInstanceOfType(_grain) ? _grain : throw new NotSupportedException(targetMethod.ToString());
}
