namespace Rat.Engine.Pipelines.Validation;

/// <summary>What is wrong with one file of a pipeline, and what its author should know.</summary>
/// <param name="Path">Full key.</param>
/// <param name="Errors">Each keeps the pipeline from being published.</param>
internal sealed record FileValidation(string Path, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    public bool IsValid => Errors.Count == 0;
}

/// <summary>The draft of a pipeline, looked at without running it.</summary>
/// <param name="Files">Every SQL file, and others that have an error or a warning; by path.</param>
internal sealed record PipelineValidation(IReadOnlyList<FileValidation> Files)
{
    public bool IsValid => Files.All(file => file.IsValid);
}
