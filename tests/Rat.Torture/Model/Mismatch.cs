namespace Rat.Torture.Model;

/// <summary>Rat and the model, or the specification, differ: the sequence ends here, for everything after it would differ too.</summary>
internal sealed class MismatchException(string rule, string detail) : Exception($"{rule}\n    {detail}")
{
    /// <summary>What should be so, as a sentence.</summary>
    public string Rule => rule;

    public string Detail => detail;
}
