// One request, written down as tools write it: browsers, Postman, frameworks, logs. Each function takes
// `{url, headers, body}`, headers as a list of pairs, and gives the text.

/** The headers with their names as HTTP/1.1 has them: Content-Type. */
const named = (headers) =>
  headers.map(([name, value]) => [name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase()), value]);
const withNames = ({ headers, ...request }) => ({ ...request, headers: named(headers) });
const byName = (headers) => Object.fromEntries(headers);

/** In single quotes for sh; a quote in the text ends them, is escaped, and begins them anew. */
const single = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** In sh's `$'…'`, with the characters of `odd` by number. */
const ansi = (text, odd) =>
  `$'${text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll(odd, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
const chromeQuote = (text) => (/[!'\n\r\t]/.test(text) ? ansi(text, /[!\t]/g) : `'${text}'`);
const safariQuote = (text) => (/[^ -~]|'/.test(text) ? ansi(text, /[^ -~]|!/g) : `'${text}'`);
/** In double quotes for sh. */
const double = (text) => `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
/** As browsers write an argument for cmd. */
const cmdQuote = (text) =>
  `^"${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/gu, "^$&")
    .replace(/%(?=\w)/g, "%^")
    .replace(/\r?\n/g, "^\n\n")}^"`;
/** As a person writes one for cmd, where line ends and cmd's own signs have no plain form. */
const cmdPlain = (text) => `"${text.replace(/(\\*)"/g, '$1$1\\"')}"`;
const powerShell = (text) =>
  `"${text.replace(/[`$"]/g, "`$&").replace(/[^ -~]/g, (unit) => `$([char]${unit.charCodeAt(0)})`)}"`;
const phpSingle = (text) => `'${text.replace(/\\(?=[\\']|$)|'/g, "\\$&")}'`;
const phpDouble = (text) => `"${text.replace(/[\\"$]/g, "\\$&").replaceAll("\n", "\\n")}"`;

/** A request line by line. */
const inLines = (forms) =>
  Object.fromEntries(Object.entries(forms).map(([form, write]) => [form, (request) => write(request).join("\n")]));

const IN_CMD = " ^\r\n";
/** A curl command: how it begins, the options of headers and body, how each is quoted, and what stands between. */
const curl = (begin, header, data, quote, between = " \\\n") => ({ url, headers, body }) =>
  [begin(url), ...headers.map((pair) => `${header} ${quote(pair.join(": "))}`), `${data} ${quote(body)}`].join(between);
/** The headers as options, all on one line, in quotes without escapes. */
const options = (headers, option = "-H ", quote = "'") =>
  headers.map((pair) => `${option}${quote}${pair.join(": ")}${quote}`).join(" ");

export const COMMANDS = {
  "curl, copied from Chrome for sh": curl((url) => `curl '${url}'`, "  -H", "  --data-raw", chromeQuote),
  "curl, copied from Chrome for cmd": curl((url) => `curl ${cmdQuote(url)}`, "  -H", "  --data-raw", cmdQuote, IN_CMD),
  "curl, written for cmd": curl((url) => `curl.exe -X POST ${url}`, "-H", "-d", cmdPlain, " ^\n "),
  "curl, copied from Firefox": (request) =>
    curl((url) => `curl '${url}' --compressed -X POST`, "-H", "--data-raw", chromeQuote, " ")(withNames(request)),
  "curl, copied from Safari": (request) =>
    curl((url) => `curl '${url}' \\\n-X 'POST'`, "-H", "--data-binary", safariQuote)(withNames(request)),
  "curl of Postman": curl((url) => `curl --location '${url}'`, "--header", "--data", single),
  "curl of an older Postman, in a terminal": (request) =>
    `${curl((url) => `$ curl --location --request POST "${url}"`, "--header", "--data-raw", double)(request)} | jq .`,
  "curl as Python quotes it": ({ url, headers, body }) =>
    `curl ${options(headers)} -X POST ${url} -d '${body.replaceAll("'", `'"'"'`)}'`,
  "curl with its options together": ({ url, headers, body }) =>
    `# it's the order of today\ncurl -sSXPOST ${options(headers, "-H")} --json ${single(body)} --url ${url}`,
  "curl that reads what printf writes": ({ url, headers, body }) =>
    `printf %s ${single(body)} | curl ${options(headers)} --data-binary @- ${url}`,
  "curl with variables that stand there too": ({ url, headers, body }) =>
    `body=${single(body)}\nurl="${url}"\ncurl ${options(headers, "-H ", '"')} --data-raw "$body" "$url"`,
  "wget of Postman": (request) => {
    const begin = "wget --no-check-certificate --quiet \\\n--method POST \\\n--timeout=0";
    return `${curl(() => begin, "--header", "--body-data", single)(request)} \\\n'${request.url}'`;
  },
  "PowerShell, copied from Chrome": ({ url, headers, body }) =>
    [
      "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession",
      '$session.UserAgent = "Mozilla/5.0 (X11; Linux x86_64)"',
      `Invoke-WebRequest -UseBasicParsing -Uri "${url}" \``,
      '-Method "POST" `',
      "-WebSession $session `",
      "-Headers @{",
      ...headers.map(([name, value]) => `  ${powerShell(name)}=${powerShell(value)}`),
      "} `",
      '-ContentType "application/json" `',
      /[^ -~]/.test(body)
        ? `-Body ([System.Text.Encoding]::UTF8.GetBytes(${powerShell(body)}))`
        : `-Body ${powerShell(body)}`,
    ].join("\r\n"),
  "PowerShell of Postman": ({ url, headers, body }) =>
    [
      '$headers = New-Object "System.Collections.Generic.Dictionary[[String],[String]]"',
      ...headers.map(([name, value]) => `$headers.Add("${name}", "${value}")`),
      `\n$body = @"\n${body.replace(/[`$"]/g, "`$&")}\n"@\n`,
      `$response = Invoke-RestMethod '${url}' -Method 'POST' -Headers $headers -Body $body`,
      "$response | ConvertTo-Json",
    ].join("\n"),
};

/** A text in double quotes, as JavaScript, C and those that came from it write it. */
const literal = (value, indent) => JSON.stringify(value, null, indent);
/** The headers as members of a literal: what is in front of a name, between it and its value, and behind that. */
const entries = (headers, between = ",\n", [front, middle, end] = ["  '", "': '", "'"]) =>
  headers.map(([name, value]) => front + name + middle + value + end).join(between);
const PHP_ENTRY = ["  '", "' => '", "'"];

export const CODE = inLines({
  "fetch, copied from Chrome": ({ url, headers, body }) => {
    const what = { headers: byName(headers), referrer: "https://shop.example/", body };
    return [`fetch(${literal(url)}, ${literal({ ...what, method: "POST", mode: "cors", credentials: "omit" }, 2)});`];
  },
  "fetch, copied from Firefox": ({ url, headers, body }) => {
    const what = { credentials: "omit", headers: byName(headers), body };
    return [`await fetch(${literal(url)}, ${literal({ ...what, method: "POST", mode: "cors" }, 4)});\n`];
  },
  "fetch of Postman": ({ url, headers, body }) => [
    "const myHeaders = new Headers();",
    ...headers.map(([name, value]) => `myHeaders.append("${name}", "${value}");`),
    `\nconst raw = ${literal(body)};\n`,
    'const requestOptions = {\n  method: "POST",\n  headers: myHeaders,\n  body: raw,\n  redirect: "follow"\n};\n',
    `fetch("${url}", requestOptions)\n  .then((response) => response.text())`,
    "  .catch((error) => console.error(error));",
  ],
  "node-fetch": ({ url, headers, body }) => [
    "import fetch from 'node-fetch';",
    `const response = await fetch('${url}', {`,
    `  method: 'POST', body: ${literal(body)},`,
    `  headers: {${entries(headers, ", ", ["'", "': '", "'"])}},`,
    "});",
    "console.log(await response.json());",
  ],
  "axios of Postman": ({ url, headers, body }) => [
    "const axios = require('axios');",
    `let data = ${literal(body)};`,
    `let config = {\n  method: 'post',\n  url: '${url}',\n  headers: ${literal(byName(headers))},\n  data : data\n};`,
    "axios.request(config).then((response) => { console.log(JSON.stringify(response.data)); });",
  ],
  "jQuery of Postman": ({ url, headers, body }) => [
    `var settings = ${literal({ url, method: "POST", timeout: 0, headers: byName(headers), data: body }, 2)};\n`,
    "$.ajax(settings).done(function (response) {\n  console.log(response);\n});",
  ],
  "XMLHttpRequest of Postman": ({ url, headers, body }) => [
    `var data = ${literal(body)};`,
    "var xhr = new XMLHttpRequest();",
    'xhr.addEventListener("readystatechange", function() { if(this.readyState === 4) { console.log(this.responseText); } });',
    `xhr.open("POST", "${url}");`,
    ...headers.map(([name, value]) => `xhr.setRequestHeader("${name}", "${value}");`),
    "xhr.send(data);",
  ],
  "Node's https of Postman": ({ headers, body }) => [
    "var https = require('follow-redirects').https;",
    "var options = { 'method': 'POST', 'hostname': 'relay.example', 'path': '/webhook', " +
      `'headers': ${literal(byName(headers))}, 'maxRedirects': 20 };`,
    "var req = https.request(options, function (res) { var chunks = []; res.on('data', function (chunk) { chunks.push(chunk); }); });",
    `var postData = ${literal(body)};`,
    "req.write(postData);",
    "req.end();",
  ],
  "PHP's curl of Postman": ({ url, headers, body }) => [
    "<?php\n\n$curl = curl_init();\n\ncurl_setopt_array($curl, array(",
    `  CURLOPT_URL => '${url}',`,
    "  CURLOPT_RETURNTRANSFER => true,",
    "  CURLOPT_ENCODING => '',",
    "  CURLOPT_TIMEOUT => 0,",
    "  CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,",
    "  CURLOPT_CUSTOMREQUEST => 'POST',",
    `  CURLOPT_POSTFIELDS =>${phpSingle(body)},`,
    "  CURLOPT_HTTPHEADER => array(",
    ...headers.map((pair) => `    ${phpSingle(pair.join(": "))},`),
    "  ),\n));\n\n$response = curl_exec($curl);\n\ncurl_close($curl);\necho $response;",
  ],
  "PHP's curl, option by option": ({ url, headers, body }) => [
    `$ch = curl_init("${url}");`,
    `$payload = ${phpDouble(body)};`,
    "curl_setopt($ch, CURLOPT_POST, true);",
    "curl_setopt($ch, CURLOPT_POSTFIELDS, $payload);",
    `curl_setopt($ch, CURLOPT_HTTPHEADER, [${headers.map((pair) => phpDouble(pair.join(": "))).join(", ")}]);`,
    "$answer = curl_exec($ch);",
  ],
  "Guzzle of Postman": ({ url, headers, body }) => [
    "<?php\n$client = new Client();",
    `$headers = [\n${headers.map(([name, value]) => `  '${name}' => ${phpSingle(value)}`).join(",\n")}\n];`,
    `$body = ${phpSingle(body)};`,
    `$request = new Request('POST', '${url}', $headers, $body);`,
    "$res = $client->sendAsync($request)->wait();",
  ],
  "Guzzle with its options": ({ url, headers, body }) => [
    "<?php",
    `(new \\GuzzleHttp\\Client())->request('POST', '${url}', ` +
      `['headers' => [${entries(headers, ", ", ["'", "' => '", "'"])}], 'body' => ${phpSingle(body)}]);`,
  ],
  "HTTP_Request2 of Postman": ({ url, headers, body }) => [
    "<?php\nrequire_once 'HTTP/Request2.php';",
    "$request = new HTTP_Request2();",
    `$request->setUrl('${url}');`,
    "$request->setMethod(HTTP_Request2::METHOD_POST);",
    `$request->setHeader(array(\n${entries(headers, ",\n", PHP_ENTRY)}\n));`,
    `$request->setBody(${phpSingle(body)});`,
    "try { $response = $request->send(); } catch (HTTP_Request2_Exception $e) { echo 'Error: ' . $e->getMessage(); }",
  ],
  "pecl_http of Postman": ({ url, headers, body }) => [
    "<?php\n$client = new http\\Client;",
    "$request = new http\\Client\\Request;",
    `$request->setRequestUrl('${url}');`,
    "$request->setRequestMethod('POST');",
    "$body = new http\\Message\\Body;",
    `$body->append(${phpSingle(body)});`,
    "$request->setBody($body);",
    "$request->setOptions(array());",
    `$request->setHeaders(array(\n${entries(headers, ",\n", PHP_ENTRY)}\n));`,
    "$client->enqueue($request)->send();",
  ],
  "PHP's stream context": ({ url, headers, body }) => {
    const header = phpDouble(headers.map((pair) => pair.join(": ")).join("\n"));
    const context = `['http' => ['method' => 'POST', 'header' => ${header}, 'content' => ${phpSingle(body)}]]`;
    return [`<?php\n$context = stream_context_create(${context});`, `file_get_contents('${url}', false, $context);`];
  },
});

export const OTHER_CODE = inLines({
  "Python's requests": ({ url, headers, body }) => [
    `import requests\n\nurl = "${url}"\n\npayload = ${literal(body)}`,
    `headers = {\n${entries(headers)}\n}\n`,
    'response = requests.request("POST", url, headers=headers, data=payload)\n',
    "print(response.text)",
  ],
  "Python's http.client, with a raw text": ({ headers, body }) => [
    'import http.client\n\nconn = http.client.HTTPSConnection("relay.example")',
    `payload = r"""${body}"""`,
    `headers = {${entries(headers, ", ", ["'", "': '", "'"])}}`,
    'conn.request("POST", "/webhook", payload, headers)\n\nres = conn.getresponse()',
  ],
  "Java's OkHttp": ({ url, headers, body }) => [
    "OkHttpClient client = new OkHttpClient().newBuilder()\n  .build();",
    'MediaType mediaType = MediaType.parse("application/json");',
    `RequestBody body = RequestBody.create(mediaType, ${literal(body)});`,
    `Request request = new Request.Builder()\n  .url("${url}")\n  .method("POST", body)`,
    ...headers.map(([name, value]) => `  .addHeader("${name}", "${value}")`),
    "  .build();\nResponse response = client.newCall(request).execute();",
  ],
  "C#'s HttpClient": ({ url, headers, body }) => [
    "var client = new HttpClient();",
    `var request = new HttpRequestMessage(HttpMethod.Post, "${url}");`,
    ...headers.map(([name, value]) => `request.Headers.Add("${name}", "${value}");`),
    `var content = new StringContent(${literal(body)}, null, "application/json");`,
    "request.Content = content;\nvar response = await client.SendAsync(request);",
  ],
  "Go's net/http": ({ url, headers, body }) => [
    'package main\n\nimport (\n  "fmt"\n  "strings"\n  "net/http"\n)\n\nfunc main() {\n',
    `  url := "${url}"`,
    `  payload := strings.NewReader(${body.includes("`") ? literal(body) : `\`${body}\``})`,
    '  client := &http.Client {}\n  req, err := http.NewRequest("POST", url, payload)\n',
    ...headers.map(([name, value]) => `  req.Header.Add("${name}", "${value}")`),
    "\n  res, err := client.Do(req)\n}",
  ],
  "Ruby's Net::HTTP": ({ url, headers, body }) => [
    `require "uri"\nrequire "net/http"\n\nurl = URI("${url}")\n`,
    "request = Net::HTTP::Post.new(url)",
    ...headers.map(([name, value]) => `request["${name}"] = "${value}"`),
    `request.body = ${literal(body)}\n`,
    "response = https.request(request)",
  ],
  "Swift's URLSession": ({ url, headers, body }) => [
    `let postData = ${literal(body)}.data(using: .utf8)\n`,
    `var request = URLRequest(url: URL(string: "${url}")!,timeoutInterval: Double.infinity)`,
    ...headers.map(([name, value]) => `request.addValue("${value}", forHTTPHeaderField: "${name}")`),
    '\nrequest.httpMethod = "POST"\nrequest.httpBody = postData',
  ],
  "C's libcurl": ({ url, headers, body }) => [
    "CURL *curl = curl_easy_init();",
    `curl_easy_setopt(curl, CURLOPT_URL, "${url}");`,
    "struct curl_slist *headers = NULL;",
    ...headers.map((pair) => `headers = curl_slist_append(headers, "${pair.join(": ")}");`),
    "curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);",
    `const char *data = ${literal(body)};`,
    "curl_easy_setopt(curl, CURLOPT_POSTFIELDS, data);",
  ],
});

const laravel = (mark) => (headers) => [
  `array:${headers.length} [${mark} // app/Http/Controllers/PaytrController.php:21`,
  ...headers.flatMap(([name, value]) => [`  "${name}" => array:1 [${mark}`, `    0 => "${value}"`, "  ]"]),
  "]",
];
const inCapitals = (headers) =>
  headers.map(([name, value]) => [`HTTP_${name.toUpperCase().replaceAll("-", "_")}`, value]);
const lists = (headers) => Object.fromEntries(headers.map(([name, value]) => [name, [value]]));

/** Has a form of headers, line by line, and the body behind them. */
const withBody = ([form, show]) => [form, (request) => [...show(request.headers, request), "", request.body]];
const HEADER_DUMPS = {
  "raw HTTP, as Postman shows it": (headers, { body }) => [
    "POST /webhook HTTP/1.1",
    "Host: relay.example",
    ...headers.map((pair) => pair.join(": ")),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ],
  "an .http file": (headers, { url }) => [`### ping\nPOST ${url}`, ...headers.map((pair) => pair.join(": "))],
  "Laravel's dd of the headers": laravel(""),
  "Laravel's dd, copied from a browser": laravel("▼"),
  "Laravel's dd of the header bag": (headers) => [
    "Symfony\\Component\\HttpFoundation\\HeaderBag^ {#1532",
    `  #headers: array:${headers.length} [`,
    ...headers.flatMap(([name, value]) => [`    "${name}" => array:1 [`, `      0 => "${value}"`, "    ]"]),
    "  ]\n  #cacheControl: []\n}",
  ],
  "PHP's print_r of lists": (headers) => [
    "Array\n(",
    ...headers.map(([name, value]) => `    [${name}] => Array\n        (\n            [0] => ${value}\n        )`),
    ")",
  ],
  "PHP's var_dump of getallheaders()": (headers) => [
    `array(${headers.length}) {`,
    ...named(headers).flatMap(([name, value]) => [`  ["${name}"]=>`, `  string(${value.length}) "${value}"`]),
    "}",
  ],
  "PHP's var_dump of lists": (headers) => [
    `array(${headers.length}) {`,
    ...headers.map(
      ([name, value]) => `  ["${name}"]=>\n  array(1) {\n    [0]=>\n    string(${value.length}) "${value}"\n  }`,
    ),
    "}",
  ],
  "PHP's var_export": (headers) => [
    "array (",
    ...headers.flatMap(([name, value]) => [`  '${name}' => `, "  array (", `    0 => '${value}',`, "  ),"]),
    ")",
  ],
  "PHP's json_encode of lists": (headers) => [literal(lists(headers)).replaceAll("/", "\\/")],
  "JSON of lists, line by line": (headers) => [literal(lists(headers), 2)],
  "Node's rawHeaders": (headers) => [`[\n${entries(named(headers), ",\n", ["  '", "', '", "'"])}\n]`],
  "Django's META": (headers) => [`{${entries(inCapitals(headers), ", ", ["'", "': '", "'"])}}`],
  "ASGI's list of bytes": (headers) => [`[${entries(headers, ", ", ["(b'", "', b'", "')"])}]`],
  "Ruby's hash": (headers) => [`{${entries(inCapitals(headers), ", ", ['"', '"=>"', '"'])}}`],
  "Go's map": (headers) => [`map[${entries(named(headers), " ", ["", ":[", "]"])}]`],
  "Java's map of lists": (headers) => [`{${entries(headers, ", ", ["", "=[", "]"])}}`],
  "Spring's headers": (headers) => [`[${entries(headers, ", ", ["", ':"', '"'])}]`],
  "names and values in turn, copied from Chrome": (headers) => [":method\nPOST", ...headers.flat()],
};

export const DUMPS = inLines({
  ...Object.fromEntries(Object.entries(HEADER_DUMPS).map(withBody)),
  "Laravel's dd of headers and content": ({ headers, body }) => {
    const place = " // app/Http/Controllers/PaytrController.php:21";
    const text = body.includes("\n") ? `"""\n${body.replaceAll("\n", "\\n\n")}\n"""` : `"${body}"`;
    return [...laravel("")(headers).slice(0, -1), `]${place}`, `${text}${place}\n`];
  },
});

export const JSON_FILES = {
  "a function's event": ({ headers, body }) =>
    literal({ path: "/webhook", httpMethod: "POST", headers: byName(headers), body, isBase64Encoded: false }),
  "a function's event in base64": ({ headers, body }) =>
    literal({ headers: byName(headers), body: Buffer.from(body).toString("base64"), isBase64Encoded: true }),
  "a collection of Postman": ({ url, headers, body }) => {
    const header = headers.map(([key, value]) => ({ key, value }));
    const request = { method: "POST", header, body: { mode: "raw", raw: body }, url: { raw: url } };
    return literal({ info: { name: "PayTR" }, item: [{ name: "create", request }] }, "\t");
  },
  "a log line with headers and body in JSON": ({ headers, body }) =>
    `[2026-11-25 20:10:00] local.INFO: webhook ${literal({ headers: lists(headers), body })} \n`,
};

/** An entry of a HAR as Chrome writes it, as far as it is read. */
export function harEntry({ url, headers, body, method = "POST", status = 401, date, started = "2026-11-25T20:10:00.000Z" }) {
  const list = (pairs) => pairs.map(([name, value]) => ({ name, value }));
  const postData = body === undefined ? undefined : { mimeType: "application/json", text: body };
  return {
    startedDateTime: started,
    request: { method, url, headers: list(headers), bodySize: Buffer.byteLength(body ?? ""), postData },
    response: { status, statusText: "", headers: list(date ? [["date", date]] : []), content: { size: 2, text: "{}" } },
  };
}

export const har = (...entries) =>
  literal({ log: { version: "1.2", creator: { name: "WebInspector", version: "537.36" }, pages: [], entries } }, 2);
