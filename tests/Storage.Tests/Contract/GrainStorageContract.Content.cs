namespace Banking.Storage.Tests.Contract;

// What the rows hold: keys, names and states of every kind.
public abstract partial class GrainStorageContract
{
    [Theory]
    [InlineData("é漢字🏦")]
    [InlineData("a'b\"c;--%_\\ /+?#")]
    [InlineData(" a ")]
    [InlineData("nul\0inside")]
    [InlineData("line\nbreak")]
    public async Task Write_WhenKeyAndTextAreOdd_KeepsThemExactly(string odd)
    {
        await Write(GrainId.Create("note", odd), odd);

        var read = await Read(GrainId.Create("note", odd));

        Assert.True(read.RecordExists);
        Assert.Equal(odd, read.State!.Text);
    }

    [Fact]
    public async Task Write_WhenKeysDifferOnlyInCase_KeepsThemApart()
    {
        await Write(GrainId.Create("note", "alice"), "small");
        await Write(GrainId.Create("note", "ALICE"), "large");

        Assert.Equal("small", (await Read(GrainId.Create("note", "alice"))).State!.Text);
    }

    [Fact]
    public async Task Write_WhenKeysAreOfEveryKind_KeepsThemApart()
    {
        var guid = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
        GrainId[] grains =
        [
            Note(GrainIdKeyExtensions.CreateIntegerKey(long.MaxValue)),
            Note(GrainIdKeyExtensions.CreateIntegerKey(-1)),
            Note(GrainIdKeyExtensions.CreateIntegerKey(-1, "extension")),
            Note(GrainIdKeyExtensions.CreateGuidKey(guid)),
            Note(GrainIdKeyExtensions.CreateGuidKey(guid, "é")),
            GrainId.Create("note", new string('k', MostKeyBytes)),
            GrainId.Create(GrainType.Create("letter"), GrainIdKeyExtensions.CreateIntegerKey(-1)),
        ];

        foreach (var grain in grains) await Write(grain, grain.ToString());

        foreach (var grain in grains) Assert.Equal(grain.ToString(), (await Read(grain)).State!.Text);
    }

    [Fact]
    public async Task Write_WhenAGrainHasManyStates_KeepsThemApart()
    {
        var cleared = new GrainState<Note>(new Note { Text = "cleared" });
        for (var i = 0; i < 20; i++)
            await Storage.WriteStateAsync($"state-{i}", Alice, new GrainState<Note>(new Note { Text = $"{i}" }));
        await Storage.WriteStateAsync("State-0", Alice, cleared);
        await Storage.ClearStateAsync("State-0", Alice, cleared);

        for (var i = 0; i < 20; i++) Assert.Equal($"{i}", (await Read(Alice, $"state-{i}")).State!.Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public async Task Write_WhenStateIsLarge_KeepsEveryByte(int size)
    {
        var attachment = new byte[size];
        new Random(size).NextBytes(attachment);
        var state = new GrainState<Note>(new Note { Attachment = attachment });

        await Storage.WriteStateAsync("state", Alice, state);

        Assert.Equal(attachment, (await Read(Alice)).State!.Attachment);
    }

    [Fact]
    public async Task Write_WhenStateIsNull_KeepsNull()
    {
        var state = new GrainState<Note> { State = null! };

        await Storage.WriteStateAsync("state", Alice, state);

        var read = await Read(Alice);
        Assert.True(read.RecordExists);
        Assert.Null(read.State);
    }

    private static GrainId Note(IdSpan key) => GrainId.Create(GrainType.Create("note"), key);
}
