using Banking.Callers;
using Banking.Silo.Callers;

namespace Banking.Silo.Http.V1;

/// <summary>The bank's keys, for game servers and tools. Only operators make, list and revoke them.</summary>
internal static class KeyRoutes
{
    public static void MapKeyRoutes(this RouteGroupBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Keys").RequireAuthorization(Access.Operators);
        keys.MapPost("", (Delegate)CreateAsync).Describe<NewKeyRequest, NewKeyReply>(
            new("createKey", "Makes a key. It is shown only now: the bank keeps its hash.")
            {
                Request = Examples.NewKey,
                Reply = Examples.MadeKey,
                Creates = true,
                Problems = [Problems.TooManyKeys],
            },
            StatusCodes.Status201Created);
        keys.MapGet("", (Delegate)ListAsync).Describe<KeysReply>(new("listKeys", "The keys, without their secrets.")
        {
            Reply = Examples.Keys,
        });
        const string Revokes = "Revokes a key. Every silo refuses it after five seconds at the latest.";
        keys.MapDelete("/{key_id}", (Delegate)RevokeAsync).Describe<KeyReply>(new("revokeKey", Revokes)
        {
            Reply = Examples.OneKey,
            Problems = [Problems.KeyUnknown],
        });
    }

    private static async Task CreateAsync(HttpContext http)
    {
        var (body, fault) = await V1Request.ReadAsync<NewKeyRequest>(http);
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (body is not { Name: { } name, Role: { } roleName })
        {
            await MalformedAsync(http, body is null ? fault! : "The body must have name and role.");
            return;
        }

        var role = Enum.GetValues<CallerRole>().Cast<CallerRole?>().FirstOrDefault(role => KeyReply.NameOf(role!.Value) == roleName);
        DateTimeOffset? expires = body.ExpiresAt is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : null;
        var text = KeyText.New();
        var key = new ApiKey(
            KeyText.IdOf(text)!, name, role ?? (CallerRole)(-1), KeyText.HashOf(text), now, expires, Caller.Current?.Id);
        var problem = expires <= now ? "expires_at must be in the future." : key.Problem();
        if (problem is not null) await MalformedAsync(http, problem);
        else if (!await Ring(http).Add(key)) await Reply.ProblemAsync(http, Problems.TooManyKeys);
        else
        {
            await http.RequestServices.GetRequiredService<KeyRing>().RefreshAsync();
            http.Response.Headers.Location = "/v1/keys/" + key.Id;
            http.Response.Headers.CacheControl = "no-store";
            var reply = new NewKeyReply(key.Id, key.Name, KeyReply.NameOf(key.Role), key.ExpiresAt?.UtcDateTime, text);
            await V1Reply.WriteAsync(http, reply, json => json.NewKeyReply, StatusCodes.Status201Created);
        }
    }

    private static async Task ListAsync(HttpContext http)
    {
        var keys = await Ring(http).List();
        await V1Reply.WriteAsync(http, new KeysReply([.. keys.Select(KeyReply.Of)]), json => json.KeysReply);
    }

    private static async Task RevokeAsync(HttpContext http)
    {
        var id = (string)http.GetRouteValue("key_id")!;
        var key = (await Ring(http).List()).FirstOrDefault(key => key.Id == id);
        if (key is null || !await Ring(http).Revoke(id))
        {
            await Reply.ProblemAsync(http, Problems.KeyUnknown);
            return;
        }

        await http.RequestServices.GetRequiredService<KeyRing>().RefreshAsync();
        await V1Reply.WriteAsync(http, KeyReply.Of(key), json => json.KeyReply);
    }

    private static Task MalformedAsync(HttpContext http, string sentence) =>
        Reply.ProblemAsync(http, Problems.Malformed with { Sentence = sentence });

    private static IKeyRingGrain Ring(HttpContext http) =>
        http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);
}
