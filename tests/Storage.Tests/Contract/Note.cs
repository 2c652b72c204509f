namespace Banking.Storage.Tests.Contract;

[GenerateSerializer, Alias("storage-tests.note")]
public sealed class Note
{
    [Id(0)] public string Text { get; set; } = "";

    [Id(1)] public byte[] Attachment { get; set; } = [];

    [Id(2)] public bool IsUnread { get; set; }
}
