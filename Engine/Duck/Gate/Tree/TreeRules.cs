using System.Collections.Frozen;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// Every node of a parse tree (<c>json_serialize_sql</c> of DuckDB 1.5) that a statement may have, with every property. What is not here
/// is refused: a node or a property that a later DuckDB brings has to be looked at before it is let through.
/// </summary>
internal static class TreeRules
{
    /// <summary>By <c>class</c>.</summary>
    public static readonly FrozenDictionary<string, NodeRule> Expressions = NodeRule.Read(
        "class=Data type=Data alias=Data query_location=Data",
        """
        BETWEEN(COMPARE_BETWEEN COMPARE_NOT_BETWEEN): input=Expression lower=Expression upper=Expression
        CASE(CASE_EXPR): case_checks=CaseCheck else_expr=Expression
        CAST(OPERATOR_CAST): child=Expression cast_type=Type try_cast=Data
        COLLATE(COLLATE): child=Expression collation=Data
        COLUMN_REF(COLUMN_REF): column_names=Data
        COMPARISON(COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO
            COMPARE_GREATERTHANOREQUALTO COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM): left=Expression right=Expression
        CONJUNCTION(CONJUNCTION_AND CONJUNCTION_OR): children=Expression
        CONSTANT(VALUE_CONSTANT): value=Data
        FUNCTION(FUNCTION): function_name=Data schema=Data catalog=Data children=Expression filter=Expression order_bys=Modifier
            distinct=Data is_operator=Data export_state=Nothing
        LAMBDA(LAMBDA): lhs=Expression expr=Expression syntax_type=Data
        OPERATOR(OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_UNPACK OPERATOR_COALESCE OPERATOR_NULLIF OPERATOR_TRY
            COMPARE_IN COMPARE_NOT_IN GROUPING_FUNCTION ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT ARRAY_CONSTRUCTOR): children=Expression
        POSITIONAL_REFERENCE(POSITIONAL_REFERENCE): index=Data
        STAR(STAR): relation_name=Data exclude_list=Data replace_list=NamedExpression columns=Data expr=Expression
            qualified_exclude_list=Data rename_list=Data
        SUBQUERY(SUBQUERY): subquery_type=Data subquery=Statement child=Expression comparison_type=Data
        WINDOW(WINDOW_AGGREGATE WINDOW_RANK WINDOW_RANK_DENSE WINDOW_NTILE WINDOW_PERCENT_RANK WINDOW_CUME_DIST WINDOW_ROW_NUMBER
            WINDOW_FIRST_VALUE WINDOW_LAST_VALUE WINDOW_LEAD WINDOW_LAG WINDOW_NTH_VALUE WINDOW_FILL): function_name=Data schema=Data
            catalog=Data children=Expression partitions=Expression orders=Order start=Data end=Data start_expr=Expression
            end_expr=Expression offset_expr=Expression default_expr=Expression ignore_nulls=Data filter_expr=Expression
            exclude_clause=Data distinct=Data arg_orders=Order
        """);

    /// <summary>By <c>type</c>, like all that follow.</summary>
    public static readonly FrozenDictionary<string, NodeRule> Tables = NodeRule.Read(
        "type=Data alias=Data sample=Data query_location=Data",
        """
        BASE_TABLE: schema_name=Data table_name=Data column_name_alias=Data catalog_name=Data at_clause=At
        EMPTY:
        EXPRESSION_LIST: expected_names=Data expected_types=Type values=Expression
        JOIN: left=Table right=Table condition=Expression join_type=Data ref_type=Data using_columns=Data delim_flipped=Data
            duplicate_eliminated_columns=Nothing
        PIVOT: source=Table aggregates=Expression unpivot_names=Data pivots=PivotColumn groups=Data column_name_alias=Data include_nulls=Data
        SHOW_REF: table_name=Data query=Query show_type=Data catalog_name=Data schema_name=Data
        SUBQUERY: subquery=Statement column_name_alias=Data
        TABLE_FUNCTION: function=Expression column_name_alias=Data with_ordinality=Data
        """);

    public static readonly FrozenDictionary<string, NodeRule> Queries = NodeRule.Read(
        "type=Data modifiers=Modifier cte_map=Ctes",
        """
        SELECT_NODE: select_list=Columns from_table=Table where_clause=Expression group_expressions=Expression group_sets=Data
            aggregate_handling=Data having=Expression sample=Data qualify=Expression
        SET_OPERATION_NODE: setop_type=Data left=Query right=Query setop_all=Data
        RECURSIVE_CTE_NODE: cte_name=Data union_all=Data left=Query right=Query aliases=Data key_targets=Expression
        """);

    public static readonly FrozenDictionary<string, NodeRule> Modifiers = NodeRule.Read(
        "type=Data",
        """
        DISTINCT_MODIFIER: distinct_on_targets=Expression
        ORDER_MODIFIER: orders=Order
        LIMIT_MODIFIER: limit=Expression offset=Expression
        LIMIT_PERCENT_MODIFIER: limit=Expression offset=Expression
        """);

    /// <summary>Nodes without a type, by where they stand.</summary>
    public static readonly FrozenDictionary<Part, NodeRule> Others = NodeRule.Read(
        "",
        """
        Statement: node=Query named_param_map=Nothing
        Order: type=Data null_order=Data expression=Expression
        CaseCheck: when_expr=Expression then_expr=Expression
        NamedExpression: key=Data value=Expression
        PivotColumn: pivot_expressions=Expression unpivot_names=Data entries=PivotEntry pivot_enum=Nothing
        PivotEntry: values=Data star_expr=Expression alias=Data
        Cte: aliases=Data query=Statement materialized=Data key_targets=Expression
        Type: id=Data type_info=Type type=Data alias=Data extension_info=Nothing width=Data scale=Data child_type=Type child_types=Type
            first=Data second=Type size=Data collation=Data values=Data values_count=Data name=Data catalog=Nothing schema=Nothing
            user_type_modifiers=Data crs=Data
        """).ToFrozenDictionary(rule => Enum.Parse<Part>(rule.Key), rule => rule.Value);
}
