using System.Diagnostics.CodeAnalysis;
using Banking.Accounts;

namespace Banking.Silo.Http;

/// <summary>
/// The ids of accounts that requests name. Keyboards and file systems differ in how they write an accent, so an id is accepted in any of
/// Unicode's forms and means the same account. Accounts themselves know only the normal form.
/// </summary>
internal static class AccountIds
{
    [return: NotNullIfNotNull(nameof(sent))]
    public static string? Of(string? sent) => sent is null ? null : NormalForm.Of(sent);

    /// <summary>The account id in the request's path.</summary>
    public static string OfRoute(HttpContext http, string name) => Of((string)http.GetRouteValue(name)!);
}
