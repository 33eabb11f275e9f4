import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Enrolment, EnrolmentRequest } from '../../../protocol/enrolment.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Access } from '../../rendezvous/access.ts';
import type { Enrolments } from './enrolments.ts';

/** `/api/node/enrolments`: a member becomes one who may create rooms here. */
export function enrolmentRoutes(options: {
  enrolments: Enrolments;
  access: Access;
}): FastifyPluginAsync {
  const { enrolments, access } = options;
  return async (instance) => {
    instance.withTypeProvider<ZodTypeProvider>().post(
      '/api/node/enrolments',
      {
        schema: {
          summary: 'Enrols the caller by an invitation; sessions renewed from then on can do more',
          tags: ['node'],
          body: EnrolmentRequest,
          response: { 200: Enrolment },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        if (caller.guest) {
          throw new ProtocolError(
            'forbidden',
            'Guests can’t enrol: their key lives in one browser. Use Swarm Studio with your own identity.',
          );
        }
        return enrolments.enrol(caller.userId, request.body.token);
      },
    );
  };
}
