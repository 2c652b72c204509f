using System.Reflection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;

namespace Banking.Silo.Tests.Wire;

/// <summary>
/// The compiled program says on the wire, and writes into storage, what wire-contract.txt says: silos of two builds are one cluster while
/// it is upgraded, and records outlive builds. New lines are for what is new; what is there stays. To write the file anew:
/// <c>BANKING_WRITE_BASELINE=1</c> in the environment of this test.
/// </summary>
public sealed class WireContractTests
{
    private const string Variable = "BANKING_WRITE_BASELINE";
    private const string Head =
        $"""
        # What goes over the wire and into storage: interfaces, grains, types, by the names and numbers that they have there.
        # A member's name is not on the wire. A name with an assembly behind it is: that type may not move.
        # Written by WireContractTests, with {Variable}=1 in its environment.


        """;

    private static readonly string File = Path.Combine(Root(), "tests", "Silo.Tests", "Wire", "wire-contract.txt");

    [Fact]
    public void Contract_OfTheCompiledTypes_IsTheCommittedOne()
    {
        var compiled = Head + Contract();
        if (Environment.GetEnvironmentVariable(Variable) is "1") System.IO.File.WriteAllText(File, compiled);

        var committed = System.IO.File.ReadAllText(File);

        var (gone, added) = (Lines(committed).Except(Lines(compiled)).ToList(), Lines(compiled).Except(Lines(committed)).ToList());
        Assert.True(
            committed == compiled,
            $"The wire contract is not that of {Path.GetFileName(File)}. What is gone (-) breaks other silos, clients and records.\n"
            + $"{string.Join('\n', gone.Select(line => "- " + line).Concat(added.Select(line => "+ " + line)))}\n"
            + $"If it has to be so: {Variable}=1 dotnet test --project tests/Silo.Tests -- --filter-class '*{nameof(WireContractTests)}'");
    }

    /// <summary>The product's assemblies are those beside this one that begin with its name, whichever there are.</summary>
    private static Assembly[] Product() =>
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "Banking.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.EndsWith(".Tests", StringComparison.Ordinal)).Select(name => Assembly.Load(new AssemblyName(name!))),
    ];

    private static string Contract()
    {
        var product = Product();
        using var host = Host(product);
        return WireContract.Of(host.Services, product);
    }

    private static IHost Host(Assembly[] product) => new HostBuilder()
        .UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.Services.AddSerializer(serializer =>
            {
                foreach (var assembly in product) serializer.AddAssembly(assembly);
            });
        })
        .Build();

    /// <summary>Each line with the head of its block.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var head = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            if (line.StartsWith(' ')) yield return $"{head}{line}";
            else yield return head = line;
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
