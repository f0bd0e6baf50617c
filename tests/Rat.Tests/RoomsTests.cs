using System.Reflection;

namespace Rat.Tests;

/// <summary>Dependencies point one way: Commands, Endpoints → Engine → Storage.</summary>
public class RoomsTests
{
    [Theory]
    [InlineData("Storage", "Rat.Engine|Rat.Endpoints|Rat.Commands|Microsoft.AspNetCore")]
    [InlineData("Engine", "Rat.Endpoints|Rat.Commands|Microsoft.AspNetCore")]
    [InlineData("Endpoints", "Rat.Commands")]
    public void A_room_names_only_the_rooms_below_it(string room, string forbidden)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, room), "*.cs", SearchOption.AllDirectories).ToList();
        var wrong =
            from file in files
            from line in File.ReadLines(file)
            where forbidden.Split('|').Any(name => line.Contains(name, StringComparison.Ordinal))
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}";

        Assert.NotEmpty(files);
        Assert.Empty(wrong);
    }
}

/// <summary>Where the checkout is that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Rat.csproj")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Rat.csproj not found above the test assembly");
    }
}
