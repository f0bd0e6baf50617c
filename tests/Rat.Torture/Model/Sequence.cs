using Rat.Torture.Server;

namespace Rat.Torture.Model;

/// <summary>
/// One pipeline with one table on a server of its own. Each step: 1. the batch is chosen and given to the pipeline; 2. the run ends as the
/// model says; 3. a query finds the model's rows; 4. an independent reader finds them in the version that was made.
/// </summary>
internal sealed class Sequence(
    int number, SequencePlan plan, TortureOptions options, VersionReader reader, Shares shares, Checks checks, string folder) : IAsyncDisposable
{
    private const int KeptVersions = 30;

    private readonly TableServer _server = new(options.Binary, folder);
    private readonly Random _random = options.NewRandom(1000 + number);
    private readonly VersionLedger _versions = new(reader, $"{number}", shares, checks);
    private readonly List<(long Id, ModelTable Table)> _past = [];
    private BatchSource _source = null!;
    private IReadOnlyList<Column> _columns = plan.Columns;
    private ModelTable? _table;
    private ModelTable? _last;
    private string _sql = "";
    private string _told = "";

    /// <exception cref="MismatchException">With everything that is needed to see why.</exception>
    public async Task RunAsync(int steps)
    {
        var (maker, changes) = (new BatchMaker(plan, _random), new SchemaChanges(plan, _random));
        await StartAsync();
        await _server.PrepareAsync(plan.Settings.ToYaml());
        for (var step = 0; step < steps; step++)
        {
            var kind = Steps.Next(_random);
            if (Environment.GetEnvironmentVariable("SKIP")?.Contains(kind.ToString()) == true) kind = StepKind.Batch;
            _told = $"step {step}, {kind}";
            try
            {
                await StepAsync(kind, step, maker, changes);
                await CompareAsync();
            }
            catch (Exception failure) when (failure is MismatchException or ApiException or IOException or HttpRequestException)
            {
                throw new MismatchException((failure as MismatchException)?.Rule ?? "the API answers", Facts(failure));
            }
        }

        checks.That(await _server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => _server.Tail);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task StepAsync(StepKind kind, int step, BatchMaker maker, SchemaChanges changes)
    {
        shares.Count($"steps {kind}");
        switch (kind)
        {
            case StepKind.Rollback when _past.Count > 1:
                return RollbackAsync();
            case StepKind.Restart:
                return RestartAsync();
            case StepKind.SameAgain when _last is not null:
                return RunAsync(_last, step);
            case StepKind.Empty:
                return RunAsync(new ModelTable(_columns, []), step);
            case StepKind.FailedGate:
                return RunAsync(Batch(maker), step, failsGate: true);
            case StepKind.BrokenSql:
                return BreakAsync(Batch(maker), step);
            case StepKind.Unmergeable when Spoiled(changes) is { } spoiled:
                return RunAsync(maker.Make(spoiled, _table, 5), step);
            case StepKind.Kill:
                return KillAsync(Batch(maker), step);
            case StepKind.SchemaChange:
                _columns = changes.Next(_columns, _table);
                break;
        }

        return RunAsync(Batch(maker), step);
    }

    private ModelTable Batch(BatchMaker maker) => _last = maker.Make(_columns, _table, Steps.RowsOf(plan, _table, _random));

    // What a run must refuse.
    private IReadOnlyList<Column>? Spoiled(SchemaChanges changes)
    {
        var required = plan.Settings.MatchedBy;
        return _random.Next(3) switch
        {
            0 when required.Count > 0 => [.. _columns.Where(column => !column.IsCalled(required[0]))],
            0 or 1 when plan.Settings.Strategy == "scd2" => [.. _columns, new Column("Valid_From", CellType.TimestampTz)],
            1 => [.. _columns, _columns[0] with { Name = _columns[0].Name.ToUpperInvariant() }],
            _ => plan.Settings.Strategy == "full_refresh" || _table is null ? null : changes.Clashing(_columns, _table),
        };
    }

    private async Task RunAsync(ModelTable batch, int step, bool failsGate = false)
    {
        await GiveAsync(batch, step, failsGate);
        var begin = TimeProvider.System.GetUtcNow();
        var run = await _server.RunAsync();
        if (failsGate)
        {
            Demand(run is { Status: "failed" } && run.Error!.Contains("rows", StringComparison.Ordinal), "a failed gate fails the run", run);
            await SettleAsync(_table, null, commits: false);
        }
        else
        {
            await JudgeAsync(run, batch, begin);
        }
    }

    private async Task BreakAsync(ModelTable batch, int step)
    {
        await GiveAsync(batch, step, failsGate: false);
        _sql = $"SELECT *, CAST('no number ' || row_number() OVER () AS INTEGER) AS broken FROM ({_sql}) AS batch";
        await _server.WriteSqlAsync(_sql);
        var run = await _server.RunAsync();
        Demand(
            run is { Status: "failed" } && run.Error!.Contains("no number", StringComparison.Ordinal), "an error of the statement fails the run", run);
        await SettleAsync(_table, null, commits: false);
    }

    private async Task KillAsync(ModelTable batch, int step)
    {
        await GiveAsync(batch, step, failsGate: false);
        var begin = TimeProvider.System.GetUtcNow();
        var id = await _server.Api.StartRunAsync(TableServer.Layer, TableServer.Table);
        await Task.Delay(_random.Next(60));
        await _server.KillAsync();
        await StartAsync();
        RunState run;
        while (!(run = await _server.Api.StateAsync(id)).HasEnded)
            await Task.Delay(20);
        if (run is { Status: "failed" } && run.Error!.Contains("restarted", StringComparison.Ordinal))
        {
            shares.Count("runs interrupted by kills");
            await SettleAsync(_table, null, commits: false);
            run = await _server.RunAsync();
        }

        await JudgeAsync(run, batch, begin);
    }

    private async Task RestartAsync()
    {
        Demand(await _server.StopAsync() == 0, "the server ends with 0 after SIGTERM", _server.Tail);
        await StartAsync();
    }

    private async Task RollbackAsync()
    {
        var (id, past) = _past[_random.Next(_past.Count - 1)];
        _sql = $"rollback to {id}";
        await _server.Api.RollbackAsync(TableServer.Layer, TableServer.Table, id);
        await SettleAsync(past, null, commits: true);
    }

    private async Task GiveAsync(ModelTable batch, int step, bool failsGate)
    {
        _sql = await _source.SqlAsync(batch, step);
        await _server.WriteSqlAsync(_sql);
        if (Environment.GetEnvironmentVariable("SKIP")?.Contains("NoGate") == true) return;
        // The test sees what the run has staged, not what the table has.
        var expected = Expected(batch, 0).Table?.Rows.Count ?? 0;
        var wrong = failsGate ? expected + 1 : expected;
        await _server.Api.WriteFileAsync($"pipelines/{TableServer.Layer}/{TableServer.Table}/tests/quality/rows.sql", batch.Rows.Count == 0
            ? "SELECT 1 WHERE false"
            : $"SELECT n FROM (SELECT count(*) AS n FROM {{{{ this }}}}) WHERE n <> {wrong}");
    }

    private Merged Expected(ModelTable batch, long now) => MergeModel.Apply(plan.Settings, _table, batch, now);

    private async Task JudgeAsync(RunState run, ModelTable batch, DateTimeOffset begin)
    {
        shares.Count("batches");
        var now = run.Succeeded && plan.Settings.Strategy == "scd2" && batch.Rows.Count > 0 ? await NewestInstantAsync(begin) : 0;
        var merged = Expected(batch, now);
        if (merged.FailsOver is { } name)
        {
            Demand(run.Status == "failed" && Tells(run.Error!, name), $"a run fails over {name}", run);
            shares.Count("batches refused");
            await SettleAsync(_table, null, commits: false);
            return;
        }

        Demand(run.Succeeded, "the run succeeds", run);
        var rows = batch.Rows.Count == 0 || plan.Settings.Strategy is "full_refresh" or "append_only"
            ? batch.Rows.Count
            : merged.Table!.Rows.Count;
        Demand(run.Rows == rows || plan.Settings.Strategy == "scd2" && _table is null, $"the run tells of {rows} rows", run);
        await SettleAsync(merged.Table, merged.Inserted, commits: merged.Inserted is not null);
    }

    private static bool Tells(string error, string name) => error.Contains(name, StringComparison.OrdinalIgnoreCase)
        || error.Contains(CellSql.Name(name), StringComparison.OrdinalIgnoreCase);

    // The instant of a run is its own: whatever it is, it must be later than those before, and within the run.
    private async Task<long> NewestInstantAsync(DateTimeOffset begin)
    {
        var (from, to) = (_table?.IndexOf(MergeSettings.ValidFrom) ?? 0, _table?.IndexOf(MergeSettings.ValidTo) ?? 0);
        var before = _table?.Rows.Max(row => Math.Max((long?)row[from] ?? 0, (long?)row[to] ?? 0)) ?? 0;
        var rows = await _server.Api.QueryAsync("SELECT epoch_us(greatest(max(valid_from), max(valid_to))) AS newest FROM t");
        var newest = long.Parse(rows[0]!["newest"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        if (newest == before)
            return 0;
        var (least, most) = (Micros(begin) - 1000, Micros(TimeProvider.System.GetUtcNow()));
        Demand(newest > before && newest >= least && newest <= most, "versions of rows begin while their run goes", newest);
        return newest;
    }

    private static long Micros(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private async Task SettleAsync(ModelTable? after, int? inserted, bool commits)
    {
        var step = new CommittedStep(_table, after, inserted, commits);
        _table = after;
        if (_server.MetadataFile() is not { } metadata)
        {
            Demand(!commits, "the table is there after its first run", "no row in iceberg_tables");
            return;
        }

        if (await _versions.ReadAsync(metadata, step) is { } made)
            _past.Add((made, after!));
        if (_past.Count > KeptVersions)
            _past.RemoveAt(0);
    }

    private async Task CompareAsync()
    {
        if (_table is null)
        {
            var answer = await _server.Api.QueryAsync("SHOW TABLES");
            Demand(answer.Count == 0, "there is no table before the first run that commits", answer.ToJsonString());
            return;
        }

        using var rows = await _server.QueryAsync();
        var difference = Difference.OfQuery(rows.RootElement, _table);
        Demand(difference is null, "a query finds the model's columns and rows", difference);
    }

    private void Demand(bool holds, string rule, object? seen)
    {
        if (!holds)
            throw new MismatchException(rule, $"{seen}");
        checks.That(true, rule);
    }

    private async Task StartAsync()
    {
        await _server.StartAsync();
        _source = new BatchSource(_server.Api, TableServer.Zone, folder);
    }

    private string Facts(Exception failure) => $"""
        seed {options.Seed}, sequence {number}, {_told}
            {plan.Settings.ToYaml().ReplaceLineEndings("; ")}
            {(failure as MismatchException)?.Detail ?? failure.ToString()}
            {(_sql.Length > 1500 ? _sql[..1500] + " …" : _sql)}
            the model has {_table?.Rows.Count ?? 0} rows
            again: --only model --seed {options.Seed} --size {(options.Full ? "full" : "small")} --sequence {number}
        """;
}
