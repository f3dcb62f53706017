// The floor: reads the request, posts a fixed form to the upstream, answers. It checks nothing.

const FORM =
  "merchant_id=123456&id=NB2Zlz3&cell_phone=05321234567&debug_on=0" +
  "&paytr_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

export default {
  async fetch(request, env) {
    await request.arrayBuffer();
    const reply = await fetch(`${env.PAYTR_BASE_URL}/odeme/api/link/send-sms`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: FORM,
    });
    return new Response(await reply.text(), { headers: { "content-type": "application/json" } });
  },
};
