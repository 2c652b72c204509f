using System.Reflection;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A log that says when it was asked for a group's offset.</summary>
#pragma warning disable CA1852 // A proxy's base can't be sealed.
internal class WatchedLog : DispatchProxy
#pragma warning restore CA1852
{
    private IPartitionedLog _log = null!;
    private Action<int> _looked = null!;

    public static IPartitionedLog Create(IPartitionedLog log, Action<int> looked)
    {
        var watched = Create<IPartitionedLog, WatchedLog>();
        ((WatchedLog)watched)._log = log;
        ((WatchedLog)watched)._looked = looked;
        return watched;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IPartitionedLog.GetCommittedAsync)) _looked((int)args![1]!);
        return targetMethod.Invoke(_log, args);
    }
}
