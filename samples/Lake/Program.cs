using System.Text;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Writing;

// A lake without Orleans: the records of another program's log become rows of Parquet files, each exactly once, however often this is run
// or killed.
//   dotnet run --project samples/Lake -- <folder of the lake> <log of JSON lines>
if (args is not [var root, var log])
{
    await Console.Error.WriteLineAsync("Usage: <folder of the lake> <log of JSON lines>");
    return 2;
}

// A line's number is its offset. The log's id says whose offsets they are: another log needs another id.
var partition = new ChainId("sample", 0);
using var writer = await LakeWriter.OpenAsync(new FolderLakeStore(root), partition);
var (offset, taken, written) = (0L, 0, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
Console.WriteLine($"The lake has all below offset {writer.NextOffset}.");
await foreach (var line in File.ReadLinesAsync(log))
{
    if (offset >= writer.NextOffset && writer.Add(new LakeRecord(offset, written, Encoding.UTF8.GetBytes(line)))) taken++;
    if (++offset % 100_000 == 0) await writer.CommitAsync();
}

await writer.CommitAsync();
Console.WriteLine($"Took {taken} of {offset} lines; the lake has all below offset {writer.NextOffset}.");
return 0;
