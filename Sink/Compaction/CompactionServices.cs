using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Sink.Settings;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Compaction;

/// <summary>What outlives a compaction and is told by clocks.</summary>
internal sealed record CompactionClocks(DayClock Days, GraceWatch Grace);

/// <summary>What a compaction works with.</summary>
/// <param name="Catalog">Null: queries go by the manifests alone.</param>
internal sealed record CompactionServices(
    ILakeStore Store,
    ILakeCatalog? Catalog,
    IDaySwitch Switch,
    ParquetEncoder Encoder,
    CompactionOptions Options,
    TimeProvider Time,
    ILogger<CompactionRound> Logger);
