using System.Buffers;

namespace Banking.Lake.Columns;

/// <summary>
/// Arrays for the time of one column's encoding. The shared pool keeps one for every thread that ever gave one back, which is hundreds of
/// megabytes at the sizes of a row group; this one keeps a single array of a size. Thread-safe.
/// </summary>
internal static class Scratch<T>
{
    private const int MaxLength = 1 << 27;

    public static readonly ArrayPool<T> Pool = ArrayPool<T>.Create(MaxLength, maxArraysPerBucket: 1);
}
