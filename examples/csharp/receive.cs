// Receives the relay's events in a shop: C# 7 and what .NET has, with SQLite.
//
//   mcs -out:receive.exe -r:System.Data,Mono.Data.Sqlite,System.Runtime.Serialization,System.Xml,System.Xml.Linq examples/csharp/receive.cs
//   export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
//   mono receive.exe add 1001 158000    an order of 1580.00 TL that waits for its payment
//   PORT=8791 mono receive.exe          the endpoint
//   mono receive.exe list               what is paid, and what a person must look at
//
// With .NET, put it into a project that has the package Microsoft.Data.Sqlite. In a shop of your own take Events and Shop, and
// call both in a controller that has the body's bytes.
//
// EVENTS_SECRET is what the relay has in EVENTS_SECRETS; while it is rotated, the old and the new one, separated by a blank.
//
// In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels are slow
// and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.
using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;
#if NET
using Microsoft.Data.Sqlite;
#else
using Mono.Data.Sqlite;
#endif

/// <summary>What the relay signs.</summary>
public sealed class Events
{
    const int ToleranceSeconds = 300;
    const int ShortestKeyBytes = 24;

    readonly List<byte[]> keys;

    /// <param name="secrets">one or more whsec_…, separated by blanks</param>
    public Events(string secrets)
    {
        try
        {
            keys = Regex.Split(secrets.Trim(), @"\s+").Select(each => Convert.FromBase64String(Regex.Replace(each, "^whsec_", ""))).ToList();
        }
        catch (FormatException)
        {
            keys = new List<byte[]>();
        }
        if (keys.Count == 0 || keys.Any(key => key.Length < ShortestKeyBytes))
        {
            throw new ArgumentException("EVENTS_SECRET must be one or more whsec_…, separated by blanks.");
        }
    }

    /// <summary>Whether one of the secrets signs this body, by Standard Webhooks 1.0.0, and within five minutes of now.</summary>
    /// <param name="body">the bytes as they came: JSON that was parsed and written again is another text</param>
    public bool IsSigned(string id, string timestamp, string signatures, byte[] body)
    {
        if (string.IsNullOrEmpty(id) || !Regex.IsMatch(timestamp ?? "", @"^[0-9]{1,12}\z")) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp)) > ToleranceSeconds) return false;
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray();
        var given = (signatures ?? "").Split(' ');
        return keys.Any(key =>
        {
            using (var hmac = new HMACSHA256(key))
            {
                var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(signed));
                return given.Any(each => IsSame(expected, each));
            }
        });
    }

    /// <summary>Takes as long wherever they differ.</summary>
    static bool IsSame(string one, string other)
    {
        var difference = one.Length ^ other.Length;
        for (var at = 0; at < one.Length && at < other.Length; at++) difference |= one[at] ^ other[at];
        return difference == 0;
    }
}

/// <summary>
/// The shop's database. In a shop of your own orders is there already, and events lies beside it. The relay's ids have 68
/// characters. A price is in minor units, and a currency is PayTR's word, which for the lira is TL.
/// </summary>
public sealed class Shop : IDisposable
{
    readonly DbConnection connection;

    public Shop(string file)
    {
        connection = new SqliteConnection("Data Source=" + file);
        connection.Open();
        Execute(null, "PRAGMA busy_timeout = 5000");
        Execute(null, @"CREATE TABLE IF NOT EXISTS orders (reference VARCHAR(64) PRIMARY KEY, price BIGINT NOT NULL,
            currency CHAR(3) NOT NULL, state VARCHAR(9) NOT NULL)");
        Execute(null, @"CREATE TABLE IF NOT EXISTS events (webhook_id VARCHAR(68) PRIMARY KEY, reference VARCHAR(64),
            merchant_oid VARCHAR(64) NOT NULL, review VARCHAR(255))");
    }

    public void Dispose() => connection.Dispose();

    /// <summary>
    /// Takes an event once. The event and what it does to the order are one transaction: after a crash in between there is
    /// neither, and the relay comes again.
    /// </summary>
    /// <exception cref="FormatException">if the body is no event</exception>
    public void Store(string id, byte[] body)
    {
        XElement json;
        using (var reader = JsonReaderWriterFactory.CreateJsonReader(body, XmlDictionaryReaderQuotas.Max)) json = XElement.Load(reader);
        var type = json.Element("type")?.Value;
        if (type != "link.paid" && type != "link.payment_review") return; // A type of a later relay.
        var data = json.Element("data") ?? throw new FormatException("no data");
        var reference = data.Element("reference")?.Value;
        var payment = data.Element("payment")?.Element("merchant_oid")?.Value ?? throw new FormatException("no merchant_oid");
        var review = type == "link.paid" ? null : string.Join(" ", data.Element("reasons")?.Elements().Select(each => each.Value) ?? new string[0]);
        using (var transaction = connection.BeginTransaction())
        {
            var isNew = Execute(transaction, @"INSERT INTO events (webhook_id, reference, merchant_oid, review)
                VALUES (@1, @2, @3, @4) ON CONFLICT DO NOTHING", id, reference, payment, review) > 0;
            if (isNew && review == null)
            {
                // That its link is paid does not say that the order is: the link may be of before the order changed.
                var link = data.Element("link") ?? throw new FormatException("no link");
                var paid = Execute(transaction, @"UPDATE orders SET state = 'paid'
                    WHERE reference = @1 AND state = 'open' AND price = @2 AND currency = @3",
                    reference, (long)link.Element("price"), link.Element("currency").Value);
                if (paid == 0)
                {
                    // Money for another total than the order's, or for an order that is unknown, cancelled, or paid already.
                    var open = Rows(transaction, "SELECT 1 FROM orders WHERE reference = @1 AND state = 'open'", reference).Any();
                    Execute(transaction, "UPDATE events SET review = @1 WHERE webhook_id = @2", open ? "other_total" : "no_open_order", id);
                }
            }
            transaction.Commit();
        }
    }

    /// <summary>An order that waits for its payment.</summary>
    public void Add(string reference, long price, string currency) =>
        Execute(null, "INSERT INTO orders (reference, price, currency, state) VALUES (@1, @2, @3, 'open')",
            reference, price, currency == "TRY" ? "TL" : currency);

    /// <summary>What the shop's staff sees.</summary>
    public IEnumerable<string> List()
    {
        var orders = Rows(null, "SELECT reference, state FROM orders ORDER BY reference").Select(row => $"order {row[0]}: {row[1]}");
        var reviews = Rows(null, "SELECT reference, merchant_oid, review FROM events WHERE review IS NOT NULL ORDER BY webhook_id")
            .Select(row => $"needs review: order {(row[0] is DBNull ? "unknown" : row[0])}, payment {row[1]}: {row[2]}");
        return orders.Concat(reviews);
    }

    int Execute(DbTransaction transaction, string sql, params object[] values)
    {
        using (var command = Command(transaction, sql, values)) return command.ExecuteNonQuery();
    }

    List<object[]> Rows(DbTransaction transaction, string sql, params object[] values)
    {
        var rows = new List<object[]>();
        using (var command = Command(transaction, sql, values))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
        }
        return rows;
    }

    /// <summary>The values are @1, @2 and so on.</summary>
    DbCommand Command(DbTransaction transaction, string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var at = 0; at < values.Length; at++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@{at + 1}";
            parameter.Value = values[at] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }
}

static class Program
{
    const int MaxBodyBytes = 65536;
    const string Usage = @"usage: SHOP_DB=… receive add REFERENCE PRICE [CURRENCY]|list
       EVENTS_SECRET=… SHOP_DB=… PORT=… receive
       PRICE in minor units: 1445 is 14.45";

    static int Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        var database = Setting("SHOP_DB");
        var secrets = Setting("EVENTS_SECRET");
        var command = args.FirstOrDefault();
        try
        {
            if (database != "" && command == "add" && (args.Length == 3 || args.Length == 4) && Regex.IsMatch(args[2], @"^[1-9][0-9]{0,17}\z"))
            {
                using (var shop = new Shop(database)) shop.Add(args[1], long.Parse(args[2]), args.Length == 4 ? args[3] : "TL");
            }
            else if (database != "" && command == "list" && args.Length == 1)
            {
                using (var shop = new Shop(database)) shop.List().ToList().ForEach(Console.WriteLine);
            }
            else if (database != "" && secrets != "" && command == null)
            {
                Serve(new Events(secrets), database, Setting("PORT") == "" ? "8791" : Setting("PORT"));
            }
            else
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
            return 0;
        }
        catch (Exception error) when (error is ArgumentException || error is DbException || error is HttpListenerException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    static void Serve(Events events, string database, string port)
    {
        using (var listener = new HttpListener())
        {
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            listener.Start();
            Console.WriteLine($"Events are taken at http://127.0.0.1:{port}/");
            while (true)
            {
                var context = listener.GetContext();
                Task.Run(() => Answer(context, events, database));
            }
        }
    }

    static void Answer(HttpListenerContext context, Events events, string database)
    {
        try
        {
            var status = Receive(context.Request, events, database);
            context.Response.StatusCode = status;
            // Nobody reads what is left of a body that is too long.
            if (status == 413) context.Response.KeepAlive = false;
            context.Response.Close();
        }
        catch (Exception)
        {
            context.Response.Abort(); // Whoever asked is gone, or does not speak HTTP.
        }
    }

    /// <summary>What a request is answered with: a status.</summary>
    static int Receive(HttpListenerRequest request, Events events, string database)
    {
        if (request.HttpMethod != "POST") return 405;
        var body = RawBody(request.InputStream);
        if (body == null) return 413;
        var id = request.Headers["webhook-id"];
        if (!events.IsSigned(id, request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body))
        {
            Console.Error.WriteLine("Event refused: EVENTS_SECRET does not sign it, or not now.");
            return 401;
        }
        try
        {
            using (var shop = new Shop(database)) shop.Store(id, body);
            return 204;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine("Event not stored: " + Regex.Replace(error.Message, @"\s+", " "));
            return 500;
        }
    }

    /// <summary>The bytes as they came, or null if there are too many.</summary>
    static byte[] RawBody(Stream stream)
    {
        var body = new byte[MaxBodyBytes + 1];
        var length = 0;
        for (int read; length < body.Length && (read = stream.Read(body, length, body.Length - length)) > 0;) length += read;
        return length > MaxBodyBytes ? null : body.Take(length).ToArray();
    }
}
