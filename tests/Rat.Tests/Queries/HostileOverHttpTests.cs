using System.Text.Json.Nodes;
using Rat.Tests.Contract;
using Rat.Tests.Gate;

namespace Rat.Tests.Queries;

/// <summary>Statements that are meant to overrun a stack or to eat all memory, on the threads that the program itself runs them on.</summary>
public class HostileOverHttpTests(ContractServer server) : IClassFixture<ContractServer>, IAsyncLifetime
{
    public static TheoryData<string> Kinds => [.. HostileTests.Kinds.Keys];

    public async Task InitializeAsync()
    {
        var platform = new TestPlatform(server.Client, "default");
        if ((await platform.TableAsync("customers", layer: "silver")).Status == 404)
            (await platform.RunSqlAsync("customers", "SELECT 1 AS id, 'a' AS name", layer: "silver")).ExpectSuccess();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_server_answers_and_goes_on(string kind)
    {
        foreach (var count in (int[])[12, 79, 280, 900])
        {
            // A plan is enough: it is binding and optimising that goes as deep as the statement.
            var answer = await server.Client.WithoutValidation.PostAsync(
                "/api/v1/query", new JsonObject { ["sql"] = $"EXPLAIN {HostileTests.Kinds[kind](count)}" });

            Assert.True(answer.Status is 200 or 400, $"{count}: {answer.Status} {answer.Text}");
        }

        (await server.Client.PostAsync("/api/v1/query", new JsonObject { ["sql"] = "SELECT 42" })).Expect(200);
    }
}
