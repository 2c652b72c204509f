using Banking.Accounts;
using Banking.Client.Playing;

namespace Banking.Client.Tests.Playing;

/// <summary>What the bank's answers mean to a player.</summary>
public sealed class SentencesTests
{
    [Fact]
    public void OfRefusal_WhateverTheCode_HasASentenceOfItsOwn()
    {
        var codes = Enum.GetValues<ActionCode>().Where(code => code != ActionCode.Done).ToArray();

        var sentences = codes.Select(Sentences.OfRefusal).ToArray();

        Assert.DoesNotContain(sentences, sentence => sentence.StartsWith("The bank refused:", StringComparison.Ordinal));
        Assert.Equal(codes.Length, sentences.Distinct(StringComparer.Ordinal).Count());
    }
}
