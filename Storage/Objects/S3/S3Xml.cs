using System.Globalization;
using System.Xml;

namespace Rat.Storage.Objects.S3;

/// <summary>What is read of the store's XML. All of it is flat but for lists, so elements are told by their names alone.</summary>
internal static class S3Xml
{
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The texts of all elements in the order of their ends; none for what is no XML.</summary>
    public static IReadOnlyList<(string Name, string Text)> Elements(byte[] xml)
    {
        var found = new List<(string Name, string Text)>();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), Safe);
            var text = "";
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    text = "";
                    if (reader.IsEmptyElement)
                        found.Add((reader.LocalName, ""));
                }
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                {
                    text += reader.Value;
                }
                else if (reader.NodeType == XmlNodeType.EndElement)
                {
                    found.Add((reader.LocalName, text));
                    text = "";
                }
            }

            return found;
        }
        catch (XmlException)
        {
            return [];
        }
    }

    public static string? Find(this IReadOnlyList<(string Name, string Text)> elements, string name) =>
        elements.FirstOrDefault(element => element.Name == name).Text;

    /// <summary>A key of a list that was asked for with encoded keys.</summary>
    public static string Decoded(string key) => Uri.UnescapeDataString(key.Replace('+', ' '));

    /// <summary>The objects of a page of a list that was asked for with encoded keys.</summary>
    public static IEnumerable<StoredObject> Objects(this IReadOnlyList<(string Name, string Text)> elements)
    {
        string? key = null;
        foreach (var (name, text) in elements)
        {
            if (name == "Key")
                key = Decoded(text);
            else if (name == "LastModified" && key is not null)
                yield return new StoredObject(key, DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        }
    }
}
