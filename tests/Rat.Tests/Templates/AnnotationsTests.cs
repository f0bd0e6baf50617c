using Rat.Engine.Pipelines;

namespace Rat.Tests.Templates;

/// <summary>Annotations of sources and of quality tests (engine §3.1, §5.2 and §10, rows 1 to 10, 37, 99, 100).</summary>
public class AnnotationsTests
{
    [Theory]
    [InlineData("-- @merge_strategy: incremental\n-- @unique_key: id\nSELECT 1", "merge_strategy=incremental|unique_key=id")]
    [InlineData("-- @a: 1\nSELECT 1\n-- @b: 2", "a=1")]
    [InlineData("# @a: 1\n\nimport x", "a=1")]
    [InlineData("# @a: 1\n\"\"\"doc\"\"\"\n# @b: 2", "a=1")]
    [InlineData("-- @a: 1\n-- plain comment\n--\n# other\n-- @b: 2\nSELECT", "a=1|b=2")]
    [InlineData("-- @Merge_Strategy: scd2", "merge_strategy=scd2")]
    [InlineData("", "")]
    [InlineData("SELECT 1", "")]
    [InlineData("-- @a: 1\n-- @b: 2\n-- @A: 3", "a=3|b=2")]
    [InlineData("--@a:1\n  --   @b:   x y  \r\n#@c: z", "a=1|b=x y|c=z")]
    [InlineData("-- @a :1\n-- @b:\n-- @c:   \n-- @d: 4", "d=4")]
    [InlineData("/* @a: 1 */\n-- @b: 2", "")]
    [InlineData("{# c #}\n-- @b: 2", "")]
    [InlineData("\ufeff-- @a: 1", "a=1")]
    [InlineData("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# @a: 1", "a=1")]
    [InlineData("-- @a: http://x:1/ -- y", "a=http://x:1/ -- y")]
    [InlineData("-- @a-b: 1\n-- @ c: 2\n-- x @d: 3\n-- @é: 4", "é=4")]
    public void Annotations_of_a_source(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', SourceAnnotations.Parse(source).Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("-- @a: 1\nSELECT 1\n  # @b: 2\nFROM t\n-- @c:\n-- comment\n", "SELECT 1\nFROM t\n-- comment")]
    [InlineData("  SELECT 1 ;\n ", "SELECT 1")]
    [InlineData("SELECT 1;;\n;", "SELECT 1")]
    [InlineData("SELECT 1; -- done;", "SELECT 1 -- done;")]
    [InlineData("SELECT 1 /* ; */ ; /* a /* b */ ; */", "SELECT 1 /* ; */  /* a /* b */ ; */")]
    [InlineData("SELECT ';'", "SELECT ';'")]
    [InlineData("SELECT 'it''s;'", "SELECT 'it''s;'")]
    [InlineData("SELECT 1 AS \";\"", "SELECT 1 AS \";\"")]
    [InlineData("SELECT E'\\';';", "SELECT E'\\';'")]
    [InlineData("SELECT $$;$$ ;", "SELECT $$;$$")]
    [InlineData("SELECT $a$ $$ ; $a$;", "SELECT $a$ $$ ; $a$")]
    [InlineData("SELECT 1; SELECT 2;", "SELECT 1; SELECT 2")]
    [InlineData("SELECT $1;", "SELECT $1")]
    [InlineData(";", "")]
    [InlineData("", "")]
    [InlineData("SELECT 'open ;", "SELECT 'open ;")]
    public void Rendered_text_is_stripped_for_execution(string rendered, string expected) =>
        Assert.Equal(expected, SourceAnnotations.Strip(rendered));

    [Theory]
    [InlineData("-- @severity: error", "Error")]
    [InlineData("-- @severity: critical", "Error")]
    [InlineData("-- @severity: WARN", "Warn")]
    [InlineData("-- @severity: warning, please", "Warn")]
    [InlineData("-- @severity: warning please", "Warn")]
    [InlineData("SELECT 1", "Error")]
    [InlineData("SELECT 1\n  --@severity:warn\n-- @severity: error", "Warn")]
    [InlineData("-- @Severity: warn", "Error")]
    [InlineData("# @severity: warn", "Error")]
    public void Severity_of_a_test(string source, string expected) =>
        Assert.Equal(expected, QualityTestAnnotations.Parse(source).Severity.ToString());

    [Fact]
    public void Other_annotations_of_a_test()
    {
        var header = QualityTestAnnotations.Parse("""
            -- @description: No order without id
            SELECT * FROM {{ this }} WHERE id IS NULL
            -- @tags: A, b ,,C
            -- @remediation:  ask the shop
            -- @description: second
            -- @zebra: 1
            -- @owner: me
            -- @owner: you
            """);
        Assert.Equal("No order without id", header.Description);
        Assert.Equal("ask the shop", header.Remediation);
        Assert.Equal(["a", "b", "c"], header.Tags);
        Assert.Equal(["owner", "zebra"], header.UnknownKeys);
    }

    [Fact]
    public void Test_without_annotations_has_empty_texts()
    {
        var header = QualityTestAnnotations.Parse("SELECT 1");
        Assert.Equal(("", "", 0, 0), (header.Description, header.Remediation, header.Tags.Count, header.UnknownKeys.Count));
    }
}
