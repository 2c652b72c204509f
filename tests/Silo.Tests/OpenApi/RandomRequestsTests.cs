using System.Text;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>Requests that nobody thought of, good and bad: whatever is answered, the document declares it.</summary>
public sealed class RandomRequestsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Requests = 1_500;

    private static readonly string[] Ids = ["ann", "bob", "jose\u0301", ".", "a b", "", "never"];
    private static readonly string[] Names = ["\"Ann\"", "\"Bob\"", "\"\"", "5", "null", "\"\\u0007\""];
    private static readonly string[] Numbers =
        [
            "1", "\"2.5\"", "100", "0", "-1", "1e3", "0.001", "1000000000001", "\"x\"", "null", "true", "[]",
            "123456789012345678901234567890",
        ];

    private static readonly string[] Assets = ["\"stock_a\"", "\"cash\"", "\"nope\"", "7", "null"];
    private static readonly string[] Keys =
    [
        "k1", "k2", "\"k1\"", "two words", "\"", "0199f3e2-7a51-7c42-b7a1-0d5f6f1c2a3b", "00000000-0000-7000-8000-000000000000",
    ];
    private static readonly string[] Queries =
    [
        "", "?full_name=Ann", "?full_name=Bob", "?full_name=", "?limit=1", "?limit=x", "?after=ann", "?table=nope", "?day=1",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Reply_ToAnyRequest_IsDeclared(int seed)
    {
        var random = new Random(seed);
        var document = await ApiDocument.Load(silo.Http, Token);
        var operations = document.Operations
            .Where(o => !o.Path.StartsWith("/v1/lake", StringComparison.Ordinal) && o.Path != "/v1/repair")
            .ToList();
        for (var i = 0; i < Requests; i++)
        {
            var (path, method, _) = operations[random.Next(operations.Count)];
            var id = Uri.EscapeDataString(One(random, Ids));
            if (id is "" or "." && path.Contains('{', StringComparison.Ordinal)) continue;
            var url = path.Replace("{account_id}", id, StringComparison.Ordinal).Replace(
                "{asset_name}", One(random, Assets).Trim('"'), StringComparison.Ordinal);
            using var request = new HttpRequestMessage(method, url + One(random, Queries));
            if (method == HttpMethod.Post) request.Content = new StringContent(
                Body(random), Encoding.UTF8, random.Next(20) == 0 ? "text/plain" : "application/json");
            if (random.Next(3) == 0) request.Headers.TryAddWithoutValidation("Idempotency-Key", One(random, Keys));
            if (random.Next(3) == 0) request.Headers.TryAddWithoutValidation("Accept", "application/json; money=string");
            using var reply = await silo.Http.SendAsync(request, Token);
            await document.Check(reply, Token);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static T One<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static string Body(Random random) => random.Next(12) switch
    {
        0 => "",
        1 => "{",
        2 => "[]",
        _ => $$"""
            {"account_id":"{{One(random, Ids)}}","full_name":{{One(random, Names)}},"amount":{{One(random, Numbers)}},
            "asset_name":{{One(random, Assets)}},"quantity":{{One(random, Numbers)}},"limit_price":{{One(random, Numbers)}}}
            """,
    };
}
