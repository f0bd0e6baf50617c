using Rat.Commands.Demo;

namespace Rat.Tests.Demo;

/// <summary>The sample project as it travels inside the executable.</summary>
public class SampleProjectTests
{
    [Fact]
    public void Pipelines_come_in_an_order_in_which_each_finds_what_it_reads() => Assert.Equal(
        ["bronze.mission_log", "bronze.rocket_registry", "silver.enriched_launches", "gold.launch_summary"],
        SampleProject.Pipelines.Select(pipeline => $"{pipeline.Layer}.{pipeline.Name}"));

    [Fact]
    public void Every_pipeline_has_its_source_and_its_settings() => Assert.All(
        SampleProject.Pipelines, pipeline => Assert.Equal(["config.yaml", "pipeline.sql"], pipeline.Files.Select(file => file.Name).Order()));

    [Fact]
    public void Files_are_embedded_byte_for_byte()
    {
        var folder = Path.Combine(Repository.Root, "samples", "space-launches");
        var resources = SampleProject.LandingFiles.Select(file => file.Resource)
            .Concat(SampleProject.Pipelines.SelectMany(pipeline => pipeline.Files.Select(file => file.Resource)))
            .ToList();
        var onDisk = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));

        Assert.Equal(onDisk.Order(StringComparer.Ordinal), resources.Order(StringComparer.Ordinal));
        Assert.All(resources, resource =>
        {
            using var embedded = new MemoryStream();
            using (var stream = SampleProject.Open(resource))
                stream.CopyTo(embedded);
            Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, resource)), embedded.ToArray());
        });
    }
}
