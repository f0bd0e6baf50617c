using System.Runtime.CompilerServices;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>What one template may use. A template is text of a user: nothing that it says may hang or kill the process.</summary>
internal static class TemplateLimits
{
    /// <summary>Longest source, in UTF-16 units.</summary>
    public const int SourceLength = 4 << 20;

    /// <summary>Longest rendered text, and longest text that any expression makes, in UTF-16 units: 16 MiB.</summary>
    public const int TextLength = 8 << 20;

    /// <summary>Nodes evaluated and elements visited by one rendering; 16 characters of made text count as one.</summary>
    public const long Steps = 5_000_000;

    /// <summary>All that one rendering may allocate, freed or not, in UTF-16 units: about 128 MiB.</summary>
    public const long Allocation = 64L << 20;

    /// <summary>What an element of a list or dict counts for, in UTF-16 units: its slot, a small object, and room to grow.</summary>
    public const int ElementSize = 32;

    /// <summary>Bits of an integer: about the 4300 digits up to which Python prints one.</summary>
    public const int IntegerBits = 14_300;

    /// <summary>Longest <c>range</c>, as Jinja's sandbox has it.</summary>
    public const int RangeLength = 100_000;

    /// <summary>Arguments by name of one call, and parameters of one macro: they are looked up one by one.</summary>
    public const int NamedArguments = 255;

    /// <summary>Brackets and operators within each other in one expression, and tags within each other.</summary>
    public const int Nesting = 100;

    /// <summary>Macros, blocks and recursive loops active at one time.</summary>
    public const int Calls = 200;

    /// <summary>
    /// Called by everything that recurses over the user's input. A stack that overflows can't be caught and ends the process, and how deep it
    /// goes depends on the thread.
    /// </summary>
    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TemplateException.Recursion();
    }
}
