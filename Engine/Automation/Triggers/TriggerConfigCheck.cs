using Rat.Engine.Automation.Cron;
using Rat.Storage;

namespace Rat.Engine.Automation.Triggers;

/// <summary>What can be said about a trigger's settings by looking at them alone.</summary>
internal static class TriggerConfigCheck
{
    /// <summary>The settings that belong to the type, checked; others that were sent are left out.</summary>
    public static Outcome<TriggerConfig> Check(string type, TriggerConfig? sent) => (type, sent) switch
    {
        (TriggerTypes.Webhook, _) => new TriggerConfig(),
        (_, null) => Failure.Invalid("config is required"),
        (TriggerTypes.Upload, _) => Zone(sent),
        (TriggerTypes.FilePattern, _) => FilePattern(sent),
        (TriggerTypes.Cron, _) => Cron(sent),
        (TriggerTypes.CronDependency, _) => CronDependency(sent),
        _ => PipelineSuccess(sent),
    };

    private static Outcome<TriggerConfig> Zone(TriggerConfig sent)
    {
        if ((Required(sent.Namespace, "namespace") ?? Required(sent.ZoneName, "zone_name")) is { } failure)
            return failure;
        return new TriggerConfig { Namespace = sent.Namespace, ZoneName = sent.ZoneName };
    }

    private static Outcome<TriggerConfig> FilePattern(TriggerConfig sent)
    {
        var zone = Zone(sent);
        if ((zone.Failure ?? Required(sent.Pattern, "pattern")) is { } failure)
            return failure;
        var glob = FileGlob.Parse(sent.Pattern!);
        return glob.Succeeded ? zone.Value with { Pattern = sent.Pattern } : glob.Failure;
    }

    private static Outcome<TriggerConfig> Cron(TriggerConfig sent)
    {
        if (Required(sent.CronExpr, "cron_expr") is { } failure)
            return failure;
        var cron = CronSchedule.Parse(sent.CronExpr!);
        return cron.Succeeded ? new TriggerConfig { CronExpr = sent.CronExpr } : cron.Failure;
    }

    private static Outcome<TriggerConfig> CronDependency(TriggerConfig sent)
    {
        var cron = Cron(sent);
        if (!cron.Succeeded)
            return cron;
        if (sent.Dependencies is null or [])
            return Failure.Invalid("config.dependencies is required");
        foreach (var name in sent.Dependencies)
        {
            if (TriggerConfig.TryParse(name) is null)
                return Failure.Invalid($"config.dependencies: \"{name}\" is not namespace.layer.pipeline");
        }

        return cron.Value with { Dependencies = sent.Dependencies };
    }

    private static Outcome<TriggerConfig> PipelineSuccess(TriggerConfig sent)
    {
        if ((Required(sent.Namespace, "namespace") ?? Required(sent.Layer, "layer") ?? Required(sent.Pipeline, "pipeline")) is { } failure)
            return failure;
        return new TriggerConfig { Namespace = sent.Namespace, Layer = sent.Layer, Pipeline = sent.Pipeline };
    }

    private static Failure? Required(string? value, string name) => string.IsNullOrEmpty(value) ? Failure.Invalid($"config.{name} is required") : null;
}
