using System.Reflection;

namespace Banking.Silo.Tests.Streams;

/// <summary>Gives the same object for every grain of an interface.</summary>
public class FakeGrains : DispatchProxy
{
    private object[] _grains = [];

    public static IGrainFactory Of(params object[] grains)
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._grains = grains;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Array.Find(_grains, targetMethod!.ReturnType.IsInstanceOfType) ?? throw new NotSupportedException(targetMethod.ToString());
}
