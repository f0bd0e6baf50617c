using System.CommandLine;
using Rat.Commands;

var root = new RootCommand("A whole data platform in one file.")
{
    VersionCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
