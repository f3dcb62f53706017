// Creates and sends PayTR payment links from a shop's back end: C# 7 and what .NET has, no package.
//
//   mcs -out:send.exe -r:System.Net.Http,System.Runtime.Serialization,System.Xml,System.Xml.Linq examples/csharp/send.cs
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… mono send.exe sms NB2Zlz3 05321234567
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… mono send.exe email NB2Zlz3 musteri@example.com
//   … mono send.exe create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
//       --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order
//
// With .NET 10: dotnet run examples/csharp/send.cs -- sms NB2Zlz3 05321234567. For a shop of your own copy all but Program.
//
// In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope: remembering
// what was sent.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Serialization.Json;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;

/// <summary>PayTR did not take the message or make the link, or nobody knows; the text says which.</summary>
public sealed class NotSentException : Exception
{
    public NotSentException(string message) : base(message) { }
}

/// <summary>A link that exists, whatever became of its sends.</summary>
public sealed class CreatedLink
{
    public CreatedLink(Answer answer, List<XElement> leftOut)
    {
        Answer = answer;
        LeftOut = leftOut;
    }

    public Answer Answer { get; }

    /// <summary>The relay's errors of recipients that are none and whom the link was not sent to.</summary>
    public List<XElement> LeftOut { get; }

    public IEnumerable<XElement> Sends => Json.Items(Answer.Body, "sends");
}

/// <summary>What the relay has answered.</summary>
public sealed class Answer
{
    public int Status;
    public TimeSpan? RetryAfter;

    /// <summary>Whether it was recorded before it was asked for here.</summary>
    public bool IsReplayed;

    /// <summary>Nothing but a relay says outcome or detail; a page of some other server is an empty object.</summary>
    public XElement Body;

    /// <summary>A member's text, or null.</summary>
    public string this[string member] => Body.Element(member)?.Value;
}

/// <summary>The relay, as a shop asks it. One is enough for a whole program.</summary>
public sealed class PaytrRelay
{
    const int Tries = 5;
    const int TriesOfALink = 3;
    const int MaxAnswerBytes = 1048576;
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    static readonly HttpClient Http = MakeClient();

    readonly string url;
    readonly byte[] key;

    /// <param name="url">such as https://relay.example, with or without /webhook</param>
    /// <param name="secret">whsec_…, the one that the relay knows too</param>
    public PaytrRelay(string url, string secret)
    {
        this.url = Regex.Replace(url.TrimEnd('/'), "/webhook$", "") + "/webhook";
        try
        {
            key = Convert.FromBase64String(Regex.Replace(secret, "^whsec_", ""));
        }
        catch (FormatException)
        {
            throw new ArgumentException("The secret is whsec_ and base64.");
        }
    }

    static HttpClient MakeClient()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        client.DefaultRequestHeaders.ExpectContinue = false;
        // A connection that is kept may be lost just when the next message goes out.
        client.DefaultRequestHeaders.ConnectionClose = true;
        return client;
    }

    /// <summary>
    /// Returns the message's id once PayTR has taken it. Keep the id with the order before you call: with the same id the relay
    /// sends once, however often it is asked.
    /// </summary>
    /// <param name="channel">sms or email</param>
    /// <exception cref="NotSentException">with the relay's detail if it was not sent, or if nobody knows</exception>
    public async Task<string> SendLinkAsync(string channel, string linkId, string recipient, string id = null)
    {
        id = id ?? "msg_" + Guid.NewGuid().ToString("N");
        var field = channel == "sms" ? "cell_phone" : "email";
        var data = new Dictionary<string, object> { ["id"] = linkId, [field] = recipient };
        var answer = await AskAsync(id, "link.send_" + channel, data, 409, 503).ConfigureAwait(false);
        if (answer["outcome"] == "sent") return id;
        throw new NotSentException(WhyNot(answer));
    }

    /// <summary>
    /// Returns once the link exists. The id comes from the order alone: a double click, a job that runs twice and a program that
    /// is started again all ask for the same link. The order's next id is taken where there is no link under this one: where
    /// nobody knows whether PayTR made it, since nobody has its address and it harms nobody, and where PayTR refused it on an
    /// earlier run, since its cause may be mended.
    /// </summary>
    /// <param name="data">that of link.create: text, whole numbers as long, and the order as its reference</param>
    /// <param name="recipients">cell_phone, email or both; the link is sent to nobody if it is empty</param>
    /// <exception cref="NotSentException">with the relay's detail if there is no link, or if nobody knows</exception>
    public async Task<CreatedLink> CreateLinkAsync(
        IDictionary<string, object> data, IDictionary<string, string> recipients)
    {
        var reference = (string)data["reference"];
        var order = Hex(Sha256(reference)).Substring(0, 32);
        var send = recipients.Where(each => !string.IsNullOrEmpty(each.Value)).ToDictionary(each => each.Key, each => (object)each.Value);
        var leftOut = new List<XElement>();
        for (int number = 1, asked = 0; ;)
        {
            var all = new Dictionary<string, object>(data);
            if (send.Count > 0) all["send"] = send;
            var answer = await AskAsync($"order_{order}_{number}", "link.create", all, 409, 429, 503).ConfigureAwait(false);
            if (answer["outcome"] == "created") return new CreatedLink(answer, leftOut);
            var errors = Json.Items(answer.Body, "errors").ToList();
            var bad = errors.Select(error => (error.Element("pointer")?.Value ?? "").Replace("/data/send/", "")).ToList();
            if (bad.Count > 0 && bad.All(send.ContainsKey))
            {
                // The same id: the relay keeps nothing of a message whose fields it refuses.
                bad.ForEach(field => send.Remove(field));
                leftOut.AddRange(errors);
                continue;
            }
            if (!answer.IsReplayed) asked++;
            var code = answer["code"];
            var isLost = code == "outcome-unknown" && answer["resend_safe"] == "true" && asked < TriesOfALink;
            var wasRefused = code == "paytr-rejected" && answer.IsReplayed;
            if (!isLost && !wasRefused) throw new NotSentException(WhyNot(answer) + HowToGoOn(code, reference));
            number++;
        }
    }

    /// <summary>What a person does about an order that has no link, as a further line.</summary>
    static string HowToGoOn(string code, string reference)
    {
        switch (code)
        {
            case "paytr-rejected":
                return "\nOnce the cause is mended, ask again for this order: its next id is taken by itself.";
            case "webhook-id-reused":
                return "\nThis order was asked for with other data before. Ask with the same, or delete that link and take another "
                    + $"reference, such as {reference}-2.";
            default:
                return "";
        }
    }

    /// <summary>
    /// The first answer that is final. Asks again, with the same id, while there is none or its status is one of
    /// <paramref name="again"/>.
    /// </summary>
    async Task<Answer> AskAsync(string id, string type, IDictionary<string, object> data, params int[] again)
    {
        var body = Json.Write(new Dictionary<string, object> { ["type"] = type, ["data"] = data });
        for (var tried = 1; ; tried++)
        {
            Answer answer = null;
            try
            {
                answer = await PostAsync(id, body).ConfigureAwait(false);
            }
            catch (HttpRequestException error)
            {
                // A name or a port that is wrong is seen at once, not after all tries.
                var why = WhyUnreachable(error);
                if (tried == 1 && why != null) Console.Error.WriteLine($"No answer from {url} yet ({why}); trying again.");
            }
            catch (Exception error) when (error is IOException || error is OperationCanceledException || error is WebException)
            {
                // No answer, or only a part of one.
            }
            if (answer != null && !again.Contains(answer.Status))
            {
                answer.IsReplayed &= tried == 1;
                return answer;
            }
            if (tried == Tries)
            {
                throw new NotSentException($"No final answer from the relay after several tries. Asking again as {id} is safe.");
            }
            var wait = answer?.RetryAfter ?? TimeSpan.FromSeconds(1 << (tried - 1));
            await Task.Delay(wait < LongestWait ? wait : LongestWait).ConfigureAwait(false);
        }
    }

    /// <summary>The answer, or null if only a part of one came.</summary>
    async Task<Answer> PostAsync(string id, byte[] body)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString());
        request.Headers.Add("webhook-signature", "v1," + Sign($"{id}.{timestamp}.", body));
        using (var response = await Http.SendAsync(request).ConfigureAwait(false))
        {
            var bytes = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            var json = Json.Read(bytes);
            var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json") ?? false;
            if (bytes.Length < (response.Content.Headers.ContentLength ?? 0) || (isJson && json == null)) return null;
            return new Answer
            {
                Status = (int)response.StatusCode,
                RetryAfter = response.Headers.RetryAfter?.Delta,
                IsReplayed = response.Headers.Contains("idempotency-replayed")
                    && response.Headers.GetValues("idempotency-replayed").Contains("true"),
                Body = json ?? new XElement("root"),
            };
        }
    }

    string Sign(string prefix, byte[] body)
    {
        using (var hmac = new HMACSHA256(key))
        {
            return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(prefix).Concat(body).ToArray()));
        }
    }

    /// <summary>Why there was no connection at all; null if there was one, and it was lost.</summary>
    static string WhyUnreachable(Exception error)
    {
        var lost = new[] { SocketError.ConnectionReset, SocketError.ConnectionAborted, SocketError.Shutdown };
        var none = new[]
        {
            WebExceptionStatus.ConnectFailure, WebExceptionStatus.NameResolutionFailure, WebExceptionStatus.SecureChannelFailure,
            WebExceptionStatus.TrustFailure,
        };
        for (var cause = error.InnerException; cause != null; cause = cause.InnerException)
        {
            // .NET Framework and Mono say the first, .NET the others.
            if (cause is WebException web && none.Contains(web.Status)) return (web.InnerException ?? web).Message;
            if (cause is SocketException socket && !lost.Contains(socket.SocketErrorCode)) return socket.Message;
            if (cause is AuthenticationException) return cause.Message;
        }
        return null;
    }

    static string WhyNot(Answer answer)
    {
        var errors = Json.Items(answer.Body, "errors").Select(Sentence);
        var lines = new List<string> { string.Join(" ", new[] { answer["detail"] ?? $"HTTP {answer.Status}" }.Concat(errors)) };
        var reason = answer.Body.Element("paytr")?.Element("reason")?.Value;
        if (reason != null) lines.Add("PayTR's words: " + reason);
        if (answer.IsReplayed) lines.Add("This answer was recorded earlier, and PayTR was not asked again.");
        return string.Join("\n", lines);
    }

    public static string Sentence(XElement error) => $"{error.Element("pointer")?.Value} {error.Element("detail")?.Value}.";

    static byte[] Sha256(string text)
    {
        using (var hash = SHA256.Create()) return hash.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    static string Hex(byte[] bytes) => string.Concat(bytes.Select(each => each.ToString("x2")));
}

/// <summary>JSON as elements, as every .NET reads and writes it without a package.</summary>
static class Json
{
    public static byte[] Write(IDictionary<string, object> members)
    {
        using (var stream = new MemoryStream())
        {
            using (var writer = JsonReaderWriterFactory.CreateJsonWriter(stream, new UTF8Encoding(false), false))
            {
                Element("root", members).WriteTo(writer);
            }
            return stream.ToArray();
        }
    }

    static XElement Element(string name, object value)
    {
        if (value is IDictionary<string, object> members)
        {
            return new XElement(name, new XAttribute("type", "object"), members.Select(each => Element(each.Key, each.Value)));
        }
        return new XElement(name, new XAttribute("type", value is string ? "string" : "number"), value);
    }

    /// <summary>An object, or null if it is none.</summary>
    public static XElement Read(byte[] bytes)
    {
        try
        {
            using (var reader = JsonReaderWriterFactory.CreateJsonReader(bytes, XmlDictionaryReaderQuotas.Max))
            {
                var read = XElement.Load(reader);
                return (string)read.Attribute("type") == "object" ? read : null;
            }
        }
        catch (Exception error) when (error is XmlException || error is InvalidOperationException || error is FormatException)
        {
            return null;
        }
    }

    /// <summary>The items of a list, none if there is no list.</summary>
    public static IEnumerable<XElement> Items(XElement json, string list) => json.Element(list)?.Elements() ?? Enumerable.Empty<XElement>();
}

static class Program
{
    const string Usage = @"usage: RELAY_URL=… WEBHOOK_SECRET=… send sms|email LINK_ID RECIPIENT
       … send create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]
       PRICE in minor units: 1445 is 14.45";

    /// <summary>In seconds. The relay's own limit is a message a minute, unless SEND_LIMITS says otherwise.</summary>
    const int LongestLimit = 90;

    static int Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        var url = Environment.GetEnvironmentVariable("RELAY_URL");
        var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET");
        var isCreate = args.FirstOrDefault() == "create";
        var options = isCreate ? Options(args) : null;
        var isSend = args.Length == 3 && (args[0] == "sms" || args[0] == "email");
        if (string.IsNullOrEmpty(url) || string.IsNullOrEmpty(secret) || (isCreate ? options == null : !isSend))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        try
        {
            var relay = new PaytrRelay(url, secret);
            if (isCreate) return CreateAsync(relay, args[1], args[2], options).GetAwaiter().GetResult() ? 0 : 1;
            Console.WriteLine($"Sent ({relay.SendLinkAsync(args[0], args[1], args[2]).GetAwaiter().GetResult()}).");
            return 0;
        }
        catch (Exception error) when (error is NotSentException || error is ArgumentException || error is UriFormatException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    /// <summary>What follows NAME and PRICE, by name; null if that is not what it should be.</summary>
    static Dictionary<string, string> Options(string[] args)
    {
        var names = new[] { "--reference", "--expiry-date", "--cell-phone", "--email" };
        if (args.Length < 3 || args.Length % 2 == 0 || !Regex.IsMatch(args[2], @"^[1-9][0-9]{0,17}\z")) return null;
        var options = new Dictionary<string, string>();
        for (var at = 3; at < args.Length; at += 2) options[args[at]] = args[at + 1];
        return options.ContainsKey("--reference") && options.Keys.All(names.Contains) ? options : null;
    }

    /// <summary>Prints the link and what became of its sends. Returns whether all of them were sent.</summary>
    static async Task<bool> CreateAsync(PaytrRelay relay, string name, string price, Dictionary<string, string> options)
    {
        Func<string, string> option = each => options.ContainsKey(each) ? options[each] : null;
        var data = new Dictionary<string, object> { ["name"] = name, ["price"] = long.Parse(price), ["reference"] = option("--reference") };
        if (option("--expiry-date") != null) data["expiry_date"] = option("--expiry-date");
        var recipients = new Dictionary<string, string> { ["cell_phone"] = option("--cell-phone"), ["email"] = option("--email") };
        var created = await relay.CreateLinkAsync(data, recipients).ConfigureAwait(false);
        var id = created.Answer["webhook_id"];
        Console.WriteLine(created.Answer.IsReplayed
            ? $"Created earlier ({id}); a second link on purpose takes another --reference."
            : $"Created ({id}).");
        foreach (var member in new[] { "id", "url", "callback_id" })
        {
            var value = created.Answer.Body.Element("link")?.Element(member)?.Value;
            if (value != null) Console.WriteLine($"{member}: {value}");
        }
        created = await SendLimitedAsync(relay, data, recipients, created).ConfigureAwait(false);
        foreach (var send in created.Sends) Console.WriteLine(Described(send));
        foreach (var error in created.LeftOut) Console.WriteLine("left out: " + PaytrRelay.Sentence(error));
        return created.LeftOut.Count == 0 && created.Sends.All(send => send.Element("outcome")?.Value == "sent");
    }

    static string Described(XElement send)
    {
        var code = send.Element("code");
        var wait = send.Element("retry_after");
        var reason = send.Element("paytr")?.Element("reason");
        return $"{send.Element("type")?.Value}: {send.Element("outcome")?.Value}"
            + (code == null ? "" : $" ({code.Value})")
            + (wait == null ? "" : $", ask again in {wait.Value} s")
            + (reason == null ? "" : $": {reason.Value}");
    }

    /// <summary>Has what was limited sent once its time has come, if that is soon. The same message sends nothing twice.</summary>
    static async Task<CreatedLink> SendLimitedAsync(
        PaytrRelay relay, IDictionary<string, object> data, IDictionary<string, string> recipients, CreatedLink created)
    {
        var waits = created.Sends.Select(send => (int?)send.Element("retry_after") ?? 0).Where(wait => wait <= LongestLimit);
        var seconds = waits.DefaultIfEmpty(0).Max();
        if (seconds == 0) return created;
        Console.Error.WriteLine($"The recipient has had a message not long ago; asking again in {seconds} s.");
        await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        return await relay.CreateLinkAsync(data, recipients).ConfigureAwait(false);
    }
}
